using Polyphony.Statistics.Ranking;

namespace Polyphony.Tests.Statistics;

public sealed class RankingOptions
{
    private const int Memphis = 0;
    private const int Nashville = 1;
    private const int Chattanooga = 2;
    private const int Knoxville = 3;

    private static readonly RankedBallot[] Tennessee =
    [
        RankedBallot.Of(42, Memphis, Nashville, Chattanooga, Knoxville), RankedBallot.Of(26, Nashville, Chattanooga, Knoxville, Memphis),
        RankedBallot.Of(15, Chattanooga, Knoxville, Nashville, Memphis), RankedBallot.Of(17, Knoxville, Chattanooga, Nashville, Memphis),
    ];

    [Fact]
    public void Forty_five_ballots_by_Schulze()
    {
        RankedBallot[] ballots = [.. new[] { "5 ACBED", "5 ADECB", "8 BEDAC", "3 CABED", "7 CAEBD", "2 CBADE", "7 DCEBA", "8 EBADC" }
            .Select(line => RankedBallot.Of(line[0] - '0', line[2..].Select(letter => letter - 'A')))];
        SchulzeRanking found = SchulzeRanking.Of(5, ballots);
        Assert.Equal("E A C B D", string.Join(' ', found.Order.Select(tier => (char)('A' + Assert.Single(tier)))));
        Assert.Equal(45, found.Ballots);
        Assert.Equal((20, 28, 25), (found.Preferred[0][1], found.Strengths[0][1], found.Strengths[1][0]));
    }

    [Fact]
    public void A_capital_for_Tennessee_by_every_rule()
    {
        Assert.Equal([[Nashville], [Chattanooga], [Knoxville], [Memphis]], SchulzeRanking.Of(4, Tennessee).Order);
        Assert.Equal([126, 194, 173, 107], BordaRanking.Of(4, Tennessee).Scores);
        InstantRunoff.Decided runoff = Assert.IsType<InstantRunoff.Decided>(InstantRunoff.Of(4, Tennessee));
        Assert.Equal([[Knoxville], [Memphis], [Nashville], [Chattanooga]], runoff.Order);
        Assert.Equal([[42, 26, 15, 17], [42, 26, 0, 32], [42, 0, 0, 58]], runoff.Rounds);
        (IReadOnlyList<int?>, int)[] judgements = [([3, 1, 0, 0], 42), ([0, 3, 1, 1], 26), ([0, 1, 3, 2], 15), ([0, 1, 2, 3], 17)];
        MajorityJudgement judged = MajorityJudgement.Of(4, 4, judgements);
        Assert.Equal([[Nashville], [Knoxville], [Chattanooga], [Memphis]], judged.Order);
        Assert.Equal([0, 1, 1, 1], judged.Options.Select(option => option.Median));
    }

    [Fact]
    public void Food_for_a_party_by_transferable_votes()
    {
        const int orange = 0, pear = 1, chocolate = 2, strawberry = 3, hamburger = 4;
        RankedBallot[] ballots =
        [
            RankedBallot.Of(4, orange), RankedBallot.Of(2, pear, orange), RankedBallot.Of(8, chocolate, strawberry), RankedBallot.Of(4, chocolate, hamburger),
            RankedBallot.Of(1, strawberry), RankedBallot.Of(1, hamburger),
        ];
        SingleTransferableVote.Decided found = Assert.IsType<SingleTransferableVote.Decided>(ScottishCount.Of(5, 3, ballots));
        Assert.Equal([chocolate, orange, strawberry], found.Elected);
        Assert.Equal([6m, 6, 6], found.Stages.Take(3).Select(stage => stage.Quota));
        Assert.Equal([4m, 2, 6, 5, 3], found.Stages[1].Votes);
        Assert.Equal([6m, 0, 6, 5, 3], found.Stages[2].Votes);
    }

    [Fact]
    public void Five_decimals_cut_off_elect_another_than_Meeks_rule()
    {
        // A surplus of 3 from 7 papers passes on 7 × 0.42857 = 2.99999; Meek lowers the quota to 10/3 and passes on 3.66667.
        RankedBallot[] ballots = [RankedBallot.Of(7, 0, 1), RankedBallot.Of(3, 2)];
        SingleTransferableVote.Decided scottish = Assert.IsType<SingleTransferableVote.Decided>(ScottishCount.Of(3, 2, ballots));
        Assert.Equal([0, 2], scottish.Elected);
        Assert.Equal([4m, 2.99999m, 3], scottish.Stages[1].Votes);
        SingleTransferableVote.Decided meek = Assert.IsType<SingleTransferableVote.Decided>(MeekCount.Of(3, 2, ballots));
        Assert.Equal([0, 1], meek.Elected);
        Assert.Equal(3.66667m, Math.Round(meek.Stages[^1].Votes[1], 5));
    }

    [Fact]
    public void A_lot_is_asked_for_only_when_nothing_else_decides()
    {
        RankedBallot[] level = [RankedBallot.Of(4, 0), RankedBallot.Of(3, 1, 2), RankedBallot.Of(3, 2, 1)];
        Assert.Equal([1, 2], Assert.IsType<InstantRunoff.NeedsLot>(InstantRunoff.Of(3, level)).Level);
        Assert.Equal(1, Assert.IsType<InstantRunoff.Decided>(InstantRunoff.Of(3, level, 2 - 1, 2)).Winner);
        Assert.Equal(2, Assert.IsType<InstantRunoff.Decided>(InstantRunoff.Of(3, level, 2, 1)).Winner);
        // Two with a vote each cannot catch up with the others: they go together.
        Assert.Equal(0, Assert.IsType<InstantRunoff.Decided>(InstantRunoff.Of(4, [RankedBallot.Of(5, 0), RankedBallot.Of(4, 1), RankedBallot.Of(1, 2, 0), RankedBallot.Of(1, 3, 0)])).Winner);
        // Level now, but not in the round before.
        Assert.Equal(1, Assert.IsType<InstantRunoff.Decided>(InstantRunoff.Of(4, [RankedBallot.Of(6, 0), RankedBallot.Of(5, 1), RankedBallot.Of(3, 2, 1), RankedBallot.Of(2, 3, 2)])).Winner);
        Assert.Equal([0, 1], Assert.IsType<SingleTransferableVote.NeedsLot>(ScottishCount.Of(2, 1, [RankedBallot.Of(1, 0), RankedBallot.Of(1, 1)])).Level);
        Assert.Equal([1], Assert.IsType<SingleTransferableVote.Decided>(ScottishCount.Of(2, 1, [RankedBallot.Of(1, 0), RankedBallot.Of(1, 1)], 1, 0)).Elected);
        Assert.Equal([0, 1], Assert.IsType<SingleTransferableVote.NeedsLot>(MeekCount.Of(2, 1, [RankedBallot.Of(1, 0), RankedBallot.Of(1, 1)])).Level);
    }

    [Fact]
    public void No_ballots_and_impossible_ones()
    {
        Assert.Equal([[0, 1]], SchulzeRanking.Of(2, []).Order);
        Assert.Equal([[0, 1]], BordaRanking.Of(2, []).Order);
        Assert.Equal([[0, 1]], MajorityJudgement.Of(2, 3, []).Order);
        Assert.IsType<InstantRunoff.NeedsLot>(InstantRunoff.Of(2, []));
        Assert.IsType<SingleTransferableVote.NeedsLot>(ScottishCount.Of(2, 1, []));
        Assert.IsType<SingleTransferableVote.NeedsLot>(MeekCount.Of(2, 1, []));
        Assert.Equal([0, 1], Assert.IsType<SingleTransferableVote.Decided>(ScottishCount.Of(2, 2, [])).Elected);
        Assert.Throws<ArgumentException>(() => BordaRanking.Of(2, [RankedBallot.Of(1, 2)]));
        Assert.Throws<ArgumentException>(() => BordaRanking.Of(2, [RankedBallot.Of(1, 1, 1)]));
        Assert.Throws<ArgumentException>(() => BordaRanking.Of(2, [RankedBallot.Of(0, 1)]));
        Assert.Throws<ArgumentException>(() => InstantRunoff.Of(2, [], 0, 0));
        Assert.Throws<ArgumentException>(() => MajorityJudgement.Of(2, 3, [([3, 0], 1)]));
    }

    [Fact]
    public void Equal_ranks_cut_a_ballot_short_where_one_option_at_a_time_counts()
    {
        RankedBallot[] ballots = [new([[0], [1, 2]], 3), RankedBallot.Of(2, 1), RankedBallot.Of(2, 2)];
        InstantRunoff found = InstantRunoff.Of(3, ballots, 1, 2, 0);
        Assert.Equal((3, 7), (found.CutShort, found.Ballots));
        Assert.Equal([(3 * 2.0) + (4 * 0.5), (3 * 0.5) + (2 * 2) + (2 * 0.5), (3 * 0.5) + (2 * 0.5) + (2 * 2)], BordaRanking.Of(3, ballots).Scores);
    }
}
