using System.Collections.Immutable;

namespace Polyphony.Statistics.Selection;

/// <summary>What a check of a promise of representation found.</summary>
public enum Certificate
{
    /// <summary>The promise is kept; checked for every group that has a claim.</summary>
    Holds = 0,

    /// <summary>It is broken; a group with a claim is the witness.</summary>
    Fails = 1,

    /// <summary>The search was given up before it was done. Neither of both is known.</summary>
    NotChecked = 2,
}

/// <summary>A group that is large and united enough for some members of the slate and does not have them.</summary>
/// <param name="Claim">ℓ: the members of the slate that the group could demand.</param>
/// <param name="Candidates">ℓ candidates that all of the group approve.</param>
/// <param name="Voters">The group, ℓ·n/k people or more, ascending.</param>
public sealed record UnmetClaim(int Claim, ImmutableArray<int> Candidates, ImmutableArray<int> Voters);

/// <summary>One promise checked.</summary>
/// <param name="State">What was found.</param>
/// <param name="Witness">The group, when the promise is broken.</param>
public sealed record Representation(Certificate State, UnmetClaim? Witness);

/// <summary>Checks the promises of justified representation: a group of ℓ·n/k people who all approve the same ℓ candidates can demand ℓ of k seats.</summary>
/// <remarks>
/// H. Aziz, M. Brill, V. Conitzer, E. Elkind, R. Freeman, T. Walsh, "Justified representation in approval-based committee voting", Social Choice and Welfare 48 (2017); L. Sánchez-Fernández et al., "Proportional justified representation", AAAI 2017.
/// JR: no such group with ℓ = 1 has nobody with a member. PJR: the members that somebody of the group approves are ℓ or more. EJR: somebody of the group has ℓ members or more. EJR implies PJR, which implies JR.
/// EJR and PJR are hard to check in general. First comes the test of M. Brill, J. Peters, "Robust and verifiable proportionality axioms", EC 2023 (EJR+): it asks no unity of the group but one candidate, takes no time, and implies EJR.
/// Where it fails, groups are searched, up to a number of steps, so that every machine gives up alike.
/// </remarks>
/// <param name="Jr">Justified representation.</param>
/// <param name="Pjr">Proportional justified representation.</param>
/// <param name="Ejr">Extended justified representation.</param>
public sealed record JustifiedRepresentation(Representation Jr, Representation Pjr, Representation Ejr)
{
    /// <summary>Steps of a search before it is given up, unless told otherwise.</summary>
    public const int MostSteps = 200_000;

    private static readonly Representation Kept = new(Certificate.Holds, null);

    /// <summary>Checks a slate.</summary>
    /// <param name="profile">Who approves what.</param>
    /// <param name="committee">The slate's members, each once.</param>
    /// <param name="size">k, the seats that there were; 1 or more, and at least as many as members.</param>
    /// <param name="mostSteps">Candidates tried in each search.</param>
    /// <returns>The three certificates.</returns>
    /// <exception cref="ArgumentException">A member that is not there or named twice, or more members than seats.</exception>
    public static JustifiedRepresentation Of(ApprovalProfile profile, IReadOnlyCollection<int> committee, int size, int mostSteps = MostSteps)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(committee);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (committee.Count > size || committee.Distinct().Count() < committee.Count || committee.Any(member => member < 0 || member >= profile.Candidates))
            throw new ArgumentException("Members are there, each once, and no more than seats.", nameof(committee));
        var members = new int[profile.Voters];
        foreach (var member in committee)
        {
            foreach (var voter in profile.Supporters[member])
                members[voter]++;
        }
        var search = new ClaimSearch(profile, [.. committee], members, size, mostSteps);
        if (search.Unserved(1, _ => true) is { } alone)
        {
            Representation broken = new(Certificate.Fails, alone);
            return new JustifiedRepresentation(broken, broken, broken);
        }
        if (!search.MayBreakExtended())
            return new JustifiedRepresentation(Kept, Kept, Kept);
        var ejr = search.Extended();
        return new JustifiedRepresentation(Kept, ejr.State == Certificate.Holds ? Kept : search.Proportional(), ejr);
    }
}
