using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Statistics.Speaking;

namespace Polyphony.Cli.Analyse;

/// <summary>How equally the time of one table was shared; measures are null where nobody spoke.</summary>
/// <param name="Gini">0 all spoke alike, up to 1 − 1/people.</param>
/// <param name="Jain">1 all spoke alike, down to 1/people.</param>
/// <param name="Evenness">1 all spoke alike, down to 0; null as well for one member.</param>
/// <param name="MostToFair">The longest speaker's time by an equal share.</param>
internal sealed record TableSpeaking(
    string? Table, int People, int Turns, long Seconds, int LongestTurn, IReadOnlyList<string> Silent, double? Gini, double? Jain, double? Evenness, double? MostToFair, IReadOnlyList<GroupTime> Groups);

/// <summary>What <c>analyse speaking</c> writes.</summary>
internal sealed record SpeakingAnswer(string Outcome, IReadOnlyList<TableSpeaking> Tables);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(SpeakingAnswer))]
internal sealed partial class SpeakingJson : JsonSerializerContext;

/// <summary><c>polyphony analyse speaking</c>: how equally speaking time was shared at each table.</summary>
internal static class AnalyseSpeaking
{
    /// <summary>A turn of more than a day was not measured in seconds.</summary>
    private const int LongestTurn = 86_400;

    private static readonly FileHelp TurnsHelp = new(
        "--turns", "who spoke for how long, CSV or XLSX, one turn a row; who never spoke has one row without seconds.",
        new("member", "who spoke, by any code"),
        new("seconds", "length of the turn, a whole number; blank, NA, NaN or 0 for who did not speak"),
        new("table", "the table or group that they share; without the column all are one"),
        new("group", "a value such as gender by which shares of time are added up; blank in none; the same in every row of a member"));

    public static Command Verb()
    {
        Option<string> turns = VerbOptions.Text("--turns", "F.csv", "The turns.", required: true);
        return new VerbCommand("speaking", "How equally was speaking time shared?", (parsed, shell, _) => Run(parsed.GetValue(turns)!, shell))
        {
            Options = { turns },
            Examples = ["polyphony analyse speaking --turns turns.csv"],
            Reads = [TurnsHelp],
        };
    }

    private static int Run(string path, Shell shell)
    {
        List<SheetProblem> problems = [];
        return Read(path, problems) is { } tables && problems.Count == 0
            ? shell.Answer(ExitCode.Done, new SpeakingAnswer("computed", tables), SpeakingJson.Default.SpeakingAnswer, tables.SelectMany(Sentences))
            : shell.Refuse(problems);
    }

    private static TableSpeaking[]? Read(string path, List<SheetProblem> problems)
    {
        if (AnswerCells.Table(path, problems) is not { } sheet)
        {
            return null;
        }

        int member = AnswerCells.Demand(sheet, "member", problems);
        int seconds = AnswerCells.Demand(sheet, "seconds", problems);
        int table = sheet.Find("table");
        int group = sheet.Find("group");
        if (member < 0 || seconds < 0)
        {
            return null;
        }

        Dictionary<(string Table, string Member), (SheetRow First, List<int> Turns)> spoken = [];
        foreach (SheetRow row in sheet.Rows)
        {
            string at = table < 0 ? "" : AnswerCells.Text(sheet, row, table, problems);
            (string, string) who = (at, AnswerCells.Text(sheet, row, member, problems));
            if (!spoken.TryGetValue(who, out (SheetRow First, List<int> Turns) known))
            {
                spoken[who] = known = (row, []);
            }

            if (group >= 0 && CellText.Clean(row[group]) != CellText.Clean(known.First[group]))
            {
                problems.Add(new SheetProblem("not-one-of", sheet.File, row.Number, sheet.Headers[group], SheetProblem.Shorten(row[group]), string.Create(CultureInfo.InvariantCulture, $"“{SheetProblem.Shorten(known.First[group])}”, as in row {known.First.Number}")));
            }

            string cell = row[seconds].Trim();
            if (AnswerCells.IsMissing(cell) || cell == "0")
            {
                continue;
            }

            if (int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length <= LongestTurn)
            {
                known.Turns.Add(length);
            }
            else
            {
                problems.Add(new SheetProblem("number-outside", sheet.File, row.Number, sheet.Headers[seconds], SheetProblem.Shorten(cell), string.Create(CultureInfo.InvariantCulture, $"0 to {LongestTurn}, in whole seconds")));
            }
        }

        return [.. spoken.GroupBy(pair => pair.Key.Table).OrderBy(at => at.Key, StringComparer.Ordinal).Select(at =>
        {
            SpeakingTime time = SpeakingTime.Of([.. at.OrderBy(pair => pair.Key.Member, StringComparer.Ordinal)
                .Select(pair => new MemberTurns(pair.Key.Member, group < 0 || CellText.Clean(pair.Value.First[group]) is not { Length: > 0 } named ? null : named, [.. pair.Value.Turns]))]);
            return new TableSpeaking(
                table < 0 ? null : at.Key, time.People, time.Turns, time.Seconds, time.LongestTurn, time.Silent, time.Gini, time.Jain, time.Evenness, time.MostToFair,
                [.. time.Groups.OrderBy(part => part.Group, StringComparer.Ordinal)]);
        })];
    }

    private static IEnumerable<string> Sentences(TableSpeaking table)
    {
        string name = table.Table is { } at ? at + ": " : "";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{name}{table.People} people, {table.Turns} turns, {table.Seconds} s, the longest {table.LongestTurn} s; {(table.Gini is null ? "nobody spoke" : $"Gini {table.Gini:F3} (0 all alike), the longest speaker {table.MostToFair:F2} times an equal share")}{(table.Silent.Count > 0 ? $"; silent: {string.Join(", ", table.Silent)}" : "")}.");
        foreach (GroupTime part in table.Groups)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  {part.Group}: {part.ShareOfPeople:P0} of the people{(part.ShareOfTime is { } share ? $", {share:P0} of the time" : "")}, {part.Turns} turns, {part.Silent} silent");
        }
    }
}
