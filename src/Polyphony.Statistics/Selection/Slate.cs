using System.Collections.Immutable;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Selection;

/// <summary>What is done with seats that budgets no longer pay for.</summary>
public enum BudgetCompletion
{
    /// <summary>Phragmén's sequential rule goes on, each person starting with what is left of the budget; "equal-shares" of abcvoting.</summary>
    Phragmen = 0,

    /// <summary>Everybody's budget is raised from k/n to (k + 1)/n, (k + 2)/n … until it pays for all seats.</summary>
    Increment = 1,

    /// <summary>The candidates with most approvals among those left.</summary>
    Approval = 2,

    /// <summary>They stay empty.</summary>
    None = 3,
}

/// <summary>How one member of a slate came in.</summary>
public enum SlateReason
{
    /// <summary>Supporters paid for it together, see <see cref="SlateStep.Payments"/>.</summary>
    Paid = 0,

    /// <summary>Phragmén's sequential rule.</summary>
    Phragmen = 1,

    /// <summary>Greatest gain of proportional approval score.</summary>
    Gain = 2,

    /// <summary>Number of approvals, in a completion.</summary>
    Approvals = 3,

    /// <summary>Nobody who is left approves anything else: the lowest index fills the seat.</summary>
    Filled = 4,

    /// <summary>Part of the best slate as a whole.</summary>
    Together = 5,
}

/// <summary>People who paid the same for a candidate.</summary>
/// <param name="Amount">What each of them paid; a candidate costs 1, a budget is k/n or what it was raised to.</param>
/// <param name="Voters">The people, ascending.</param>
public sealed record SharedPayment(Fraction Amount, ImmutableArray<int> Voters);

/// <summary>One member of a slate.</summary>
/// <param name="Candidate">Its index.</param>
/// <param name="Reason">How it came in.</param>
/// <param name="Measure">
/// Paid: the greatest amount anybody paid. Phragmén: the load of its supporters afterwards. Gain: what it added to the score. Approvals: their number. Otherwise 0.
/// </param>
/// <param name="Payments">Who paid for it, the greatest amount first; together exactly 1. Empty unless <see cref="SlateReason.Paid"/>.</param>
public sealed record SlateStep(int Candidate, SlateReason Reason, Fraction Measure, ImmutableArray<SharedPayment> Payments);

/// <summary>A chosen slate.</summary>
/// <param name="Size">Seats asked for.</param>
/// <param name="Steps">Members in the order in which they were chosen; fewer than <paramref name="Size"/> only without completion.</param>
/// <param name="Budget">What each person could spend, for equal shares; otherwise <see langword="null"/>.</param>
public sealed record Slate(int Size, ImmutableArray<SlateStep> Steps, Fraction? Budget)
{
    /// <summary>The members by index.</summary>
    public ImmutableArray<int> Committee => [.. Steps.Select(step => step.Candidate).Order()];
}
