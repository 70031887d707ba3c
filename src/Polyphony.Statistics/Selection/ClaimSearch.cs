using System.Collections.Immutable;
using System.Numerics;

namespace Polyphony.Statistics.Selection;

/// <summary>Looks for groups whose claim on a slate is not met.</summary>
internal sealed class ClaimSearch(ApprovalProfile profile, int[] committee, int[] members, int size, int mostSteps)
{
    private readonly bool[] _isMember = [.. Enumerable.Range(0, profile.Candidates).Select(committee.Contains)];
    private int _steps;

    /// <summary>The least number of people who have a claim to so many seats; at least 1.</summary>
    private int Quorum(int claim) => Math.Max(1, (int)((((long)claim * profile.Voters) + size - 1) / size));

    /// <summary>One candidate whose supporters, those below the claim among them, are as many as the claim takes; for a claim of 1 that breaks JR.</summary>
    public UnmetClaim? Unserved(int claim, Func<int, bool> who)
    {
        for (var candidate = 0; candidate < profile.Candidates; candidate++)
        {
            ImmutableArray<int> group = [.. profile.Supporters[candidate].Where(voter => members[voter] < claim && who(voter))];
            if (!_isMember[candidate] && group.Length >= Quorum(claim))
                return new UnmetClaim(claim, [candidate], group);
        }
        return null;
    }

    /// <summary>Whether some candidate outside the slate has enough supporters below some claim; if none has, EJR holds.</summary>
    public bool MayBreakExtended() => Enumerable.Range(1, size).Any(claim => Unserved(claim, _ => true) is not null);

    public Representation Extended()
    {
        _steps = 0;
        for (var claim = 1; claim <= size; claim++)
        {
            var below = claim;
            if (Search(claim, [.. Enumerable.Range(0, profile.Voters).Where(voter => members[voter] < below)]) is { } found)
                return found;
        }
        return new Representation(Certificate.Holds, null);
    }

    /// <summary>For every part of the slate with fewer members than the claim: a united group that approves no member outside of the part.</summary>
    public Representation Proportional()
    {
        _steps = 0;
        if (committee.Length > 20)
            return new Representation(Certificate.NotChecked, null);
        var approved = new int[profile.Voters];
        for (var member = 0; member < committee.Length; member++)
        {
            foreach (var voter in profile.Supporters[committee[member]])
                approved[voter] |= 1 << member;
        }
        for (var claim = 1; claim <= size; claim++)
        {
            for (var part = 0; part < 1 << committee.Length; part++)
            {
                var most = Math.Min(claim - 1, committee.Length);
                if (BitOperations.PopCount((uint)part) != most)
                    continue;
                if (++_steps > mostSteps)
                    return new Representation(Certificate.NotChecked, null);
                var inside = part;
                int[] group = [.. Enumerable.Range(0, profile.Voters).Where(voter => (approved[voter] & ~inside) == 0)];
                if (Search(claim, group) is { } found)
                    return found;
            }
        }
        return new Representation(Certificate.Holds, null);
    }

    /// <summary>As many candidates as the claim, approved by as many of the group as the claim takes. Nothing when there are none.</summary>
    private Representation? Search(int claim, int[] group)
    {
        var quorum = Quorum(claim);
        if (group.Length < quorum)
            return null;
        var inGroup = new bool[profile.Voters];
        foreach (var voter in group)
            inGroup[voter] = true;
        int[][] supporters = [.. profile.Supporters.Select(all => all.Where(voter => inGroup[voter]).ToArray())];
        int[] open = [.. Enumerable.Range(0, profile.Candidates).Where(candidate => supporters[candidate].Length >= quorum).OrderBy(candidate => supporters[candidate].Length).ThenBy(candidate => candidate)];
        // Nobody of the group has as many members as the claim, so one of the candidates is outside of the slate.
        if (open.Length < claim || open.All(candidate => _isMember[candidate]))
            return null;
        return Extend(claim, quorum, open, 0, group, [], supporters);
    }

    private Representation? Extend(int claim, int quorum, int[] open, int from, int[] group, ImmutableArray<int> candidates, int[][] supporters)
    {
        if (candidates.Length == claim)
            return new Representation(Certificate.Fails, new UnmetClaim(claim, [.. candidates.Order()], [.. group]));
        for (var i = from; i <= open.Length - (claim - candidates.Length); i++)
        {
            if (++_steps > mostSteps)
                return new Representation(Certificate.NotChecked, null);
            var common = Common(group, supporters[open[i]]);
            if (common.Length >= quorum && Extend(claim, quorum, open, i + 1, common, candidates.Add(open[i]), supporters) is { } found)
                return found;
        }
        return null;
    }

    /// <summary>Both lists are ascending.</summary>
    private static int[] Common(int[] first, int[] second)
    {
        var common = new int[Math.Min(first.Length, second.Length)];
        var count = 0;
        for (int a = 0, b = 0; a < first.Length && b < second.Length;)
        {
            if (first[a] == second[b])
            {
                common[count++] = first[a++];
                b++;
            }
            else if (first[a] < second[b])
                a++;
            else
                b++;
        }
        return common[..count];
    }
}
