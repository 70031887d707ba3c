using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Polyphony.Cli.Frame;
using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary><c>polyphony draw check</c>: whether a panel exists, who can be on one, and what is the most that the least likely can hope for.</summary>
internal static class CheckQuotas
{
    public static Command Verb()
    {
        VerbCommand verb = null!;
        DrawOptions options = null!;
        Option<int?> limit = VerbOptions.Whole("--time-limit", "S", "Seconds after which it says what it knows by then.", 1, 1_000_000);
        verb = new("check", "Tells whether the quotas can be met, by whom, what keeps others out, what holds the least chance down, and whom to invite.", (parsed, shell, cancellationToken) => Run(parsed, options, limit, shell, cancellationToken))
        {
            Examples = ["polyphony draw check --pool pool.csv --quotas quotas.csv --size 100 --household street,postcode"],
            Reads = [DrawOptions.PoolFile, DrawOptions.QuotaFile],
            Codes = [ExitCode.Infeasible, ExitCode.EndedByLimit],
        };
        options = DrawOptions.AddTo(verb);
        verb.Options.Add(limit);
        return verb;
    }

    private static int Run(ParseResult parsed, DrawOptions options, Option<int?> limit, Shell shell, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        DrawInputReading reading = DrawInput.From(parsed, options);
        if (reading is not DrawInputReading.Read { Input: var input })
        {
            return shell.Refuse(((DrawInputReading.Refused)reading).Problems);
        }

        using TimeLimit enough = new(parsed.GetValue(limit), started);
        switch (shell.WithProgress("Looking at the pool", progress => PoolOutlook.Of(input.Pool, new ComputeLottery.Told(progress), enough.Token, cancellationToken)))
        {
            case PoolOutlook.Open outlook:
                CheckAnswer answer = Answer(input, outlook) with { Seconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3) };
                return shell.Answer(outlook.EndedByLimit ? ExitCode.EndedByLimit : ExitCode.Done, answer, DrawJson.Default.CheckAnswer, Sentences(answer));
            case PoolOutlook.Closed { Feasibility: QuotaFeasibility.Unknown }:
                return WaysOut.Undecided(shell);
            case PoolOutlook.Closed:
                return WaysOut.Say(shell, input.Pool, null, enough.Token, cancellationToken);
            default:
                throw new UnreachableException();
        }
    }

    private static CheckAnswer Answer(DrawInput input, PoolOutlook.Open outlook)
    {
        WaysOut words = new(input.Pool, null);
        IReadOnlyList<QuotaSet> criteria = input.Pool.Criteria;
        return new(
            outlook.EndedByLimit ? "ended-by-limit" : "feasible", input.Pool.People.Count, input.Pool.Size, outlook.Types.Types.Count, Ids(outlook.Uncoverable),
            ExcludedPeople.Of(outlook.Types, outlook.Uncoverable, outlook.Diagnosis?.Excluded ?? [], words.Limit, person => input.Ids[person]), Ids(outlook.Undecided), outlook.LeastChanceAtMost, outlook.Diagnosis?.Least,
            [.. (outlook.Diagnosis?.Rules ?? []).Select(rule => new HoldDownAnswer(words.Limit(rule.Limit), rule.Chance))],
            [.. (outlook.Diagnosis?.Groups ?? []).Select(group => new MorePeopleAnswer(
                [.. group.Values.Index().Where(pair => pair.Item >= 0).Select(pair => new ValueAnswer(criteria[pair.Index].Name, criteria[pair.Index].Quotas[pair.Item].Value))], group.People, group.Chance))],
            Ids([.. (outlook.Diagnosis?.Forced ?? []).SelectMany(t => outlook.Types.Types[t].People).Order()]), 0);

        string[] Ids(IReadOnlyList<int> people) => [.. people.Select(person => input.Ids[person])];
    }

    private static IEnumerable<string> Sentences(CheckAnswer answer)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"The quotas can be met: {answer.Size} of {answer.People} people, {answer.Types} different kinds.");
        if (answer.Outcome == "ended-by-limit")
        {
            yield return "The time limit ended the search: what follows is what was known by then.";
        }

        yield return string.Create(CultureInfo.InvariantCulture, $"No lottery gives the least likely more than {answer.LeastChanceAtMost:P3}.");
        if (answer.HoldDown.Count > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"These rules keep {answer.Least} people there; with one place more room, each computed anew:");
        }

        foreach (HoldDownAnswer rule in answer.HoldDown)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  {WaysOut.Words(rule.Limit)}: then {rule.Chance:P3} at most{(rule.Limit.Kind == "households" ? " without the rule" : "")}");
        }

        if (answer.MorePeople.Count > 0)
        {
            yield return "More people of one of these groups in the pool would bring:";
        }
        else if (answer.HoldDown.Count > 0)
        {
            yield return "No group was found of which more people in the pool would raise it: they would share the same places.";
        }

        foreach (MorePeopleAnswer group in answer.MorePeople)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  {group.People} more with {string.Join(" and ", group.Values.Select(value => $"{value.Feature}, {value.Value}"))}: {group.Chance:P3} at most");
        }

        foreach (string sentence in ExcludedPeople.Sentences(answer.Excluded))
        {
            yield return sentence;
        }

        if (answer.Undecided.Count > 0)
        {
            yield return $"Whether a panel can hold them was not decided within the limit of work: {string.Join(", ", answer.Undecided)}";
        }

        if (answer.Forced.Count > 0)
        {
            yield return $"On every panel, for without them the quotas cannot be met: {string.Join(", ", answer.Forced)}";
        }
    }
}
