using System.Collections.Immutable;
using Polyphony.Cli.Frame;
using Polyphony.Seating;

namespace Polyphony.Cli.Seat;

/// <summary>Says why rules cannot all hold, whatever the plan.</summary>
internal static class SeatRefusals
{
    public static int Say(Shell shell, ImmutableArray<SeatingRefusal> refusals)
    {
        SeatReason[] reasons = [.. refusals.Select(refusal => new SeatReason(refusal.Code, refusal.Subject, refusal.Found, refusal.Limit, Sentence(refusal)))];
        return shell.Answer(ExitCode.Infeasible, new SeatInfeasible("infeasible", reasons), SeatJson.Default.SeatInfeasible, ["No plan can keep all rules. Nothing was written.", .. reasons.Select(reason => reason.Message)]);
    }

    public static string Sentence(SeatingRefusal refusal) => refusal.Code switch
    {
        SeatingRefusalCodes.TablesOrRounds => $"There must be at least one table and one round, and at most {SeatingProblem.MostRounds} rounds.",
        SeatingRefusalCodes.TooFewPeople => $"{refusal.Found} people cannot fill the tables: at two a table they would have to be {refusal.Limit}.",
        SeatingRefusalCodes.SeatsAndPeople => $"The tables of a round have {refusal.Found} places for {refusal.Limit} people.",
        SeatingRefusalCodes.RepeatedId => $"The id “{refusal.Subject}” stands twice.",
        SeatingRefusalCodes.UnknownValue => $"“{refusal.Subject}” has a value that is none.",
        SeatingRefusalCodes.UnknownReference => $"A rule ({refusal.Subject}) names somebody or something that is not there.",
        SeatingRefusalCodes.FixedTwice => $"“{refusal.Subject}” is fixed to two tables in one round, alone or with those who stay together.",
        SeatingRefusalCodes.FixedTooMany => $"{refusal.Found} people are fixed to table {refusal.Subject}, which takes {refusal.Limit}.",
        SeatingRefusalCodes.GroupTooLarge => $"The group of “{refusal.Subject}” stays together and has {refusal.Found} people; the largest table takes {refusal.Limit}.",
        SeatingRefusalCodes.TogetherAndApart => $"“{refusal.Subject}” is to sit together with and apart from the same person.",
        SeatingRefusalCodes.ApartTooMany => $"{refusal.Found} people, “{refusal.Subject}” among them, are all to sit apart; there are {refusal.Limit} tables.",
        SeatingRefusalCodes.TooFewAccessible => $"{refusal.Found} people need an accessible table; these take {refusal.Limit}.",
        SeatingRefusalCodes.TooManyHosts => $"{refusal.Found} hosts, each at a table of their own, need more than {refusal.Limit} tables.",
        SeatingRefusalCodes.BoundsImpossible => $"{refusal.Subject}: {refusal.Found} people bear it; the bounds ask for {refusal.Limit} over all tables.",
        SeatingRefusalCodes.PartsAndWhole => $"The tables of large group {refusal.Subject} take {refusal.Found} people in one round and {refusal.Limit} in another.",
        SeatingRefusalCodes.NoLanguage => $"No table has a facilitator whom “{refusal.Subject}” understands.",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
