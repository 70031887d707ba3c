using Polyphony.Cli.Frame;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary>Says why there is no panel, and what to change.</summary>
internal static class WaysOut
{
    public static int Say(Shell shell, SortitionPool pool, QuotaFeasibility feasibility)
    {
        if (feasibility is not QuotaFeasibility.Infeasible infeasible)
        {
            string outcome = feasibility is QuotaFeasibility.Unknown ? "undecided" : "impossible";
            return shell.Answer(ExitCode.Infeasible, new InfeasibleAnswer(outcome, []), DrawJson.Default.InfeasibleAnswer, outcome == "undecided"
                ? "Whether a panel exists was not decided within the limit of work."
                : "No panel meets the quotas, and no change within the flex bounds helps: too few people, or households in the way.");
        }

        ChangeAnswer[] changes =
        [
            .. infeasible.Changes.Select(change =>
            {
                Quota quota = pool.Criteria[change.Criterion].Quotas[change.Value];
                return new ChangeAnswer(pool.Criteria[change.Criterion].Name, quota.Value, quota.Min, quota.Max, change.Min, change.Max);
            }),
        ];
        return shell.Answer(
            ExitCode.Infeasible, new InfeasibleAnswer("infeasible", [changes]), DrawJson.Default.InfeasibleAnswer,
            ["No panel meets the quotas. The change that costs least:", .. changes.Select(change => $"  {change.Feature}, {change.Value}: {change.Min} to {change.Max} becomes {change.NewMin} to {change.NewMax}")]);
    }
}
