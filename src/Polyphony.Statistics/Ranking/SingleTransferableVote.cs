using System.Collections.Immutable;

namespace Polyphony.Statistics.Ranking;

/// <summary>What happened at a stage of a count.</summary>
public enum StageAction
{
    /// <summary>First preferences were counted.</summary>
    FirstPreferences = 1,

    /// <summary>A surplus was passed on.</summary>
    SurplusTransferred = 2,

    /// <summary>An option was excluded and its ballots passed on.</summary>
    Excluded = 3,
}

/// <summary>One stage of a count.</summary>
/// <param name="Action">What happened.</param>
/// <param name="Options">Whose surplus, or who was excluded; empty for first preferences.</param>
/// <param name="Votes">Votes per option afterwards, rounded down to the rule's number of decimals.</param>
/// <param name="Quota">The quota at this stage.</param>
public sealed record CountStage(StageAction Action, ImmutableArray<int> Options, ImmutableArray<decimal> Votes, decimal Quota);

/// <summary>The outcome of a count by single transferable vote.</summary>
public abstract record SingleTransferableVote
{
    private SingleTransferableVote()
    {
    }

    /// <summary>Number of ballots that rank at least one option.</summary>
    public required long Ballots { get; init; }

    /// <summary>Ballots cut short by an equal rank: they count up to it.</summary>
    public required long CutShort { get; init; }

    /// <summary>The stages.</summary>
    public required ImmutableArray<CountStage> Stages { get; init; }

    /// <summary>All seats are filled.</summary>
    /// <param name="Elected">Options in the order of their election; those elected at the same stage by their votes, then by index.</param>
    public sealed record Decided(ImmutableArray<int> Elected) : SingleTransferableVote;

    /// <summary>Options are level and a lot must decide between them.</summary>
    /// <param name="Level">Which.</param>
    public sealed record NeedsLot(ImmutableArray<int> Level) : SingleTransferableVote;
}
