using System.Text.Json.Serialization;

namespace Polyphony.Statistics.Disclosure;

/// <summary>A number as the public may see it: rounded, a bound, or withheld. There is no fifth kind.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Rounded), "rounded")]
[JsonDerivedType(typeof(FewerThan), "fewerThan")]
[JsonDerivedType(typeof(AtLeast), "atLeast")]
[JsonDerivedType(typeof(Withheld), "withheld")]
public abstract record ReleasedCell
{
    private ReleasedCell()
    {
    }

    /// <summary>A count rounded to the nearest multiple of <see cref="DisclosureGate.RoundingBase"/>; the true count is at most 2 away.</summary>
    /// <param name="Value">A multiple of five, 10 or more.</param>
    public sealed record Rounded(int Value) : ReleasedCell;

    /// <summary>A count from 0 to <paramref name="Limit"/> − 1. Nought is not told apart: "nobody" says something about everybody.</summary>
    /// <param name="Limit">Always <see cref="DisclosureGate.SmallCount"/>.</param>
    public sealed record FewerThan(int Limit) : ReleasedCell;

    /// <summary>
    /// A count of <paramref name="Value"/> or more: nearly everybody. Only in the row of everybody, where an exact majority would single out the few others.
    /// </summary>
    /// <param name="Value">A multiple of five, 10 or more.</param>
    public sealed record AtLeast(int Value) : ReleasedCell;

    /// <summary>A count that is not shown.</summary>
    /// <param name="Reason">One of <see cref="WithheldReasons"/>.</param>
    public sealed record Withheld(string Reason) : ReleasedCell;
}

/// <summary>Why a count is not shown.</summary>
public static class WithheldReasons
{
    /// <summary>The group has fewer than <see cref="DisclosureGate.SmallestGroup"/> ballots.</summary>
    public const string SmallGroup = "small-group";

    /// <summary>The whole session has fewer than <see cref="DisclosureGate.SmallestGroup"/> ballots.</summary>
    public const string FewBallots = "few-ballots";

    /// <summary>
    /// Shown, it would let somebody work out an answer that must stay hidden. One reason for unanimity and for complementary suppression alike: a reason "all said
    /// the same" would say what all said.
    /// </summary>
    public const string Protected = "protected";
}
