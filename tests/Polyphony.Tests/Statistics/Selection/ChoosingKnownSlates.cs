using System.Globalization;
using Polyphony.Statistics.Arithmetic;
using Polyphony.Statistics.Selection;

namespace Polyphony.Tests.Statistics.Selection;

/// <summary>Slates that others have computed: abcvoting's 240 instances, the examples of its book, and a jury's test.</summary>
public sealed class ChoosingKnownSlates
{
    private static readonly string[] Instances = File.ReadAllLines(Repository.PathOf("tests", "vectors", "opinion", "abcvoting", "committees.txt"));

    [Theory]
    [InlineData("pav", 480)]
    [InlineData("seqpav", 480)]
    [InlineData("seqphragmen", 480)]
    [InlineData("equal-shares", 480)]
    [InlineData("equal-shares-with-av-completion", 480)]
    [InlineData("equal-shares-with-increment-completion", 240)]
    public void One_of_the_committees_that_abcvoting_lists(string rule, int expected)
    {
        int compared = 0;
        foreach (string[] parts in Instances.Select(line => line.Split('|')))
        {
            int size = int.Parse(parts[2], CultureInfo.InvariantCulture);
            ApprovalProfile profile = ApprovalProfile.Of(int.Parse(parts[1], CultureInfo.InvariantCulture), [.. parts[3].Split(' ').Select(Digits)]);
            string committee = string.Concat(Choose(rule, profile, size).Committee);
            foreach (string[] configuration in parts[4..].Select(part => part.Split(':')).Where(configuration => configuration[0] == rule))
            {
                compared++;
                Assert.True(configuration[2].Split(',').Contains(committee), $"{parts[0]}: {committee} is none of {configuration[2]}");
            }
        }

        Assert.Equal(expected, compared);
    }

    [Fact]
    public void Budgets_alone_may_leave_seats_empty()
    {
        // abcvoting's profile 1: two large groups of one mind, each of the other candidates approved by one or two.
        ApprovalProfile profile = ApprovalProfile.Of(6, [[0, 4, 5], [0], [1, 4, 5], [1], [2, 4, 5], [2], [3, 4, 5], [3]]);
        Assert.Equal([4, 5], EqualShares.Of(profile, 4, BudgetCompletion.None).Committee);
        Assert.Equal([0, 1, 4, 5], EqualShares.Of(profile, 4).Committee);
        Assert.Equal([0, 1, 4, 5], SequentialPav.Of(profile, 4).Committee);
    }

    [Fact]
    public void A_jury_of_seven()
    {
        // Five statements with their jurors, P1 {1, 2, 3}, P2 {1, 2}, P3 {4, 5, 6}, P4 {3, 4, 7}, P5 {6}: a known answer of others is P1, P3, P4.
        ApprovalProfile jury = ApprovalProfile.Of(5, [[0, 1], [0, 1], [0, 3], [2, 3], [2], [2, 4], [3]]);
        foreach (Slate chosen in new[] { SequentialPav.Of(jury, 3), ExactPav.Of(jury, 3)!, SequentialPhragmen.Of(jury, 3), EqualShares.Of(jury, 3) })
        {
            Assert.Equal([0, 2, 3], chosen.Committee);
            Assert.Equal(Certificate.Holds, JustifiedRepresentation.Of(jury, chosen.Committee, 3).Ejr.State);
        }

        Assert.Equal([0, 2, 3], SequentialPav.Of(jury, 3).Steps.Select(step => step.Candidate));
    }

    [Fact]
    public void Who_paid_for_a_statement()
    {
        // Six people with half a seat each: four share the first, and what two of them have left pays with two others for the second.
        Slate slate = EqualShares.Of(ApprovalProfile.Of(3, [[0], [0], [0, 1], [0, 1], [1], [1, 2]]), 3);
        Assert.Equal(new Fraction(1, 2), slate.Budget);
        Assert.Equal([0, 1, 2], slate.Steps.Select(step => step.Candidate));
        SharedPayment all = Assert.Single(slate.Steps[0].Payments);
        Assert.Equal((new Fraction(1, 4), 4), (all.Amount, all.Voters.Length));
        SharedPayment equal = Assert.Single(slate.Steps[1].Payments);
        Assert.Equal((new Fraction(1, 4), 4), (equal.Amount, equal.Voters.Length));
        Assert.Equal(SlateReason.Phragmen, slate.Steps[2].Reason);
        Assert.Empty(slate.Steps[2].Payments);
    }

    [Fact]
    public void A_claim_that_is_not_met_is_shown_with_its_people()
    {
        // Two thirds want 0 and 1; a slate of 1, 2 and 3 gives them one of three seats.
        ApprovalProfile profile = ApprovalProfile.Of(4, [[0, 1], [0, 1], [0, 1], [0, 1], [2], [3]]);
        JustifiedRepresentation found = JustifiedRepresentation.Of(profile, [1, 2, 3], 3);
        Assert.Equal((Certificate.Holds, Certificate.Fails, Certificate.Fails), (found.Jr.State, found.Pjr.State, found.Ejr.State));
        Assert.Equal((2, "01", "0123"), (found.Ejr.Witness!.Claim, string.Concat(found.Ejr.Witness.Candidates), string.Concat(found.Ejr.Witness.Voters)));
    }

    [Fact]
    public void What_is_too_large_is_refused_and_what_was_not_checked_says_so()
    {
        Random chance = new(1);
        int[][] approvals = [.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 40).Where(_ => chance.Next(3) == 0).ToArray())];
        ApprovalProfile profile = ApprovalProfile.Of(40, approvals);
        Assert.Null(ExactPav.Of(profile, 20, 1_000));
        ApprovalProfile unmet = ApprovalProfile.Of(4, [[0, 1], [0, 1], [0, 1], [0, 1], [2], [3]]);
        JustifiedRepresentation found = JustifiedRepresentation.Of(unmet, [1, 2, 3], 3, mostSteps: 0);
        Assert.Equal((Certificate.Holds, Certificate.NotChecked, Certificate.NotChecked), (found.Jr.State, found.Pjr.State, found.Ejr.State));
        Assert.Null(found.Ejr.Witness);
    }

    [Fact]
    public void Nobody_and_nothing()
    {
        ApprovalProfile nobody = ApprovalProfile.Of(3, []);
        foreach (string rule in new[] { "pav", "seqpav", "seqphragmen", "equal-shares", "equal-shares-with-av-completion", "equal-shares-with-increment-completion" })
        {
            Assert.Equal([0, 1], Choose(rule, nobody, 2).Committee);
        }

        Assert.Empty(EqualShares.Of(nobody, 2, BudgetCompletion.None).Committee);
        Assert.Null(SlateCoverage.Of(nobody, [0]).Overall.Share);
        Assert.Throws<ArgumentOutOfRangeException>(() => EqualShares.Of(nobody, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => SequentialPav.Of(nobody, 0));
        Assert.Throws<ArgumentException>(() => ApprovalProfile.Of(2, [[2]]));
        Assert.Throws<ArgumentException>(() => ApprovalProfile.Of(2, [[1, 1]]));
        Assert.Throws<ArgumentException>(() => ApprovalProfile.Of(2, [[1]], [[0]]));
        Assert.Throws<ArgumentException>(() => JustifiedRepresentation.Of(nobody, [1, 1], 2));
    }

    private static Slate Choose(string rule, ApprovalProfile profile, int size) => rule switch
    {
        "pav" => ExactPav.Of(profile, size)!,
        "seqpav" => SequentialPav.Of(profile, size),
        "seqphragmen" => SequentialPhragmen.Of(profile, size),
        "equal-shares" => EqualShares.Of(profile, size),
        "equal-shares-with-av-completion" => EqualShares.Of(profile, size, BudgetCompletion.Approval),
        "equal-shares-with-increment-completion" => EqualShares.Of(profile, size, BudgetCompletion.Increment),
        _ => throw new ArgumentOutOfRangeException(nameof(rule)),
    };

    private static int[] Digits(string word) => word == "-" ? [] : [.. word.Select(digit => digit - '0')];
}
