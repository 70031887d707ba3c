using Polyphony.Statistics.Arithmetic;
using Polyphony.Statistics.Selection;
using static Polyphony.Tests.Statistics.RandomInputs;

namespace Polyphony.Tests.Statistics.Selection;

/// <summary>Each rule once more, plainly, on two hundred profiles: random, clustered, all alike, empty.</summary>
public sealed class ChoosingTwice
{
    [Theory]
    [InlineData(BudgetCompletion.Phragmen)]
    [InlineData(BudgetCompletion.Increment)]
    [InlineData(BudgetCompletion.Approval)]
    [InlineData(BudgetCompletion.None)]
    public void Equal_shares(BudgetCompletion completion) => Each(random =>
    {
        (int[][] approvals, int candidates, int size) = Profile(random);
        Slate slate = EqualShares.Of(ApprovalProfile.Of(candidates, approvals), size, completion);
        Assert.Equal(PlainRules.EqualShares(approvals, candidates, size, completion), slate.Committee);
        Fraction[] spent = [.. approvals.Select(_ => (Fraction)0)];
        foreach (SlateStep step in slate.Steps.Where(step => step.Reason == SlateReason.Paid))
        {
            Assert.Equal(1, step.Payments.Aggregate((Fraction)0, (sum, payment) => sum + (payment.Amount * payment.Voters.Length)));
            Assert.Equal(step.Measure, step.Payments[0].Amount);
            foreach (SharedPayment payment in step.Payments)
            {
                foreach (int voter in payment.Voters)
                {
                    spent[voter] += payment.Amount;
                    Assert.Contains(step.Candidate, approvals[voter]);
                }
            }
        }

        Assert.All(spent, paid => Assert.True(paid <= slate.Budget));
    });

    [Fact]
    public void Phragmens_rule() => Each(random =>
    {
        (int[][] approvals, int candidates, int size) = Profile(random);
        Assert.Equal(PlainRules.Phragmen(approvals, candidates, size, [], [.. approvals.Select(_ => (Fraction)0)]), SequentialPhragmen.Of(ApprovalProfile.Of(candidates, approvals), size).Committee);
    });

    [Fact]
    public void Approval_scores() => Each(random =>
    {
        (int[][] approvals, int candidates, int size) = Profile(random);
        ApprovalProfile profile = ApprovalProfile.Of(candidates, approvals);
        Slate sequential = SequentialPav.Of(profile, size);
        Assert.Equal(PlainRules.SequentialPav(approvals, candidates, size), sequential.Committee);
        Slate best = ExactPav.Of(profile, size)!;
        Assert.Equal(PlainRules.Pav(approvals, candidates, size), best.Committee);
        foreach (Slate slate in new[] { sequential, best })
        {
            Assert.Equal(PlainRules.Score(approvals, [.. slate.Committee]), slate.Steps.Aggregate((Fraction)0, (sum, step) => sum + step.Measure));
        }
    });

    [Fact]
    public void Promises_of_representation() => Each(random =>
    {
        (int[][] approvals, int candidates, int size) = Profile(random);
        ApprovalProfile profile = ApprovalProfile.Of(candidates, approvals);
        int[] any = [.. Enumerable.Range(0, candidates).OrderBy(_ => random.Next()).Take(random.Next(1, size + 1)).Order()];
        int[] fair = [.. EqualShares.Of(profile, size).Committee];
        foreach (int[] slate in new[] { any, fair })
        {
            (bool jr, bool pjr, bool ejr) = PlainRules.Promises(approvals, candidates, slate, size);
            JustifiedRepresentation found = JustifiedRepresentation.Of(profile, slate, size);
            Assert.Equal((jr, pjr, ejr), (Kept(found.Jr), Kept(found.Pjr), Kept(found.Ejr)));
            foreach (UnmetClaim claim in new[] { found.Jr, found.Pjr, found.Ejr }.Select(one => one.Witness).OfType<UnmetClaim>())
            {
                Assert.Equal(claim.Claim, claim.Candidates.Length);
                Assert.True(claim.Voters.Length * size >= claim.Claim * approvals.Length);
                Assert.All(claim.Voters, voter => Assert.True(claim.Candidates.All(approvals[voter].Contains) && approvals[voter].Intersect(slate).Count() < claim.Claim));
            }
        }

        Assert.Equal((true, true, true), PlainRules.Promises(approvals, candidates, fair, size));
    });

    [Fact]
    public void The_order_of_people_and_of_their_approvals_does_not_matter() => Each(random =>
    {
        (int[][] approvals, int candidates, int size) = Profile(random);
        int[][] shuffled = [.. approvals.OrderBy(_ => random.Next()).Select(list => list.OrderBy(_ => random.Next()).ToArray())];
        ApprovalProfile one = ApprovalProfile.Of(candidates, approvals);
        ApprovalProfile other = ApprovalProfile.Of(candidates, shuffled);
        Assert.Equal(EqualShares.Of(one, size).Committee, EqualShares.Of(other, size).Committee);
        Assert.Equal(SequentialPhragmen.Of(one, size).Committee, SequentialPhragmen.Of(other, size).Committee);
        Assert.Equal(SequentialPav.Of(one, size).Committee, SequentialPav.Of(other, size).Committee);
        Assert.Equal(ExactPav.Of(one, size)!.Committee, ExactPav.Of(other, size)!.Committee);
    });

    [Fact]
    public void Coverage() => Each(random =>
    {
        (int[][] approvals, int candidates, int size) = Profile(random);
        int[][] seen = [.. approvals.Select(list => list.Union(Enumerable.Range(0, candidates).Where(_ => random.Next(2) == 0)).ToArray())];
        string?[] groups = [.. approvals.Select(_ => random.Next(4) is > 0 and var g ? $"g{g}" : null)];
        int[] slate = [.. Enumerable.Range(0, candidates).OrderBy(_ => random.Next()).Take(size)];
        SlateCoverage found = SlateCoverage.Of(ApprovalProfile.Of(candidates, approvals, seen), slate, groups);
        bool[] covered = [.. approvals.Select(list => list.Intersect(slate).Any())];
        Assert.Equal((approvals.Length, covered.Count(yes => yes), seen.Count(list => list.Intersect(slate).Any())), (found.Overall.People, found.Overall.Covered, found.Overall.Saw));
        double? worst = groups.Distinct().OfType<string>().Select(group => (double?)covered.Where((_, i) => groups[i] == group).Average(yes => yes ? 1.0 : 0)).Min();
        Near(worst, found.Worst?.Count.Share);
        Assert.All(found.Members, member => Assert.Equal(
            (approvals.Count(list => list.Contains(member.Candidate)), seen.Count(list => list.Contains(member.Candidate)), approvals.Count(list => list.Intersect(slate).SequenceEqual([member.Candidate]))),
            (member.Approvals, member.Saw, member.OnlyHere)));
    });

    private static bool Kept(Representation promise) => promise.State switch
    {
        Certificate.Holds => true,
        Certificate.Fails => false,
        _ => throw new InvalidOperationException("Small cases are always checked."),
    };

    internal static (int[][] Approvals, int Candidates, int Size) Profile(Random random)
    {
        int candidates = random.Next(1, 8);
        int people = random.Next(1, 15);
        double share = random.Next(4) switch { 0 => 0.0, 1 => 0.2, 2 => 0.5, _ => 0.35 };
        int[][] camps = [.. Enumerable.Range(0, 3).Select(_ => Approve(random, candidates, 0.6))];
        bool isClustered = random.Next(2) == 0;
        int[][] approvals = [.. Enumerable.Range(0, people).Select(_ => isClustered ? camps[random.Next(3)].Where(_ => random.Next(8) > 0).ToArray() : Approve(random, candidates, share))];
        return (approvals, candidates, random.Next(1, candidates + 1));
    }

    private static int[] Approve(Random random, int candidates, double share) => [.. Enumerable.Range(0, candidates).Where(_ => random.NextDouble() < share)];
}
