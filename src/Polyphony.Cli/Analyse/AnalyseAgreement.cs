using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Statistics.Agreement;

namespace Polyphony.Cli.Analyse;

/// <summary>How far the coders agree on one variable.</summary>
/// <param name="Units">Units that two coders or more gave a value.</param>
/// <param name="Values">Values in these units.</param>
/// <param name="Dropped">Other units, which nothing can be compared in.</param>
/// <param name="Alpha">Krippendorff's: 1 all agree, 0 what chance gives; null where all values are equal or nothing can be compared.</param>
internal sealed record VariableAgreement(string Variable, int Units, int Values, int Dropped, double? Alpha);

/// <summary>What <c>analyse agreement</c> writes.</summary>
internal sealed record AgreementAnswer(string Outcome, string Level, int Coders, int Units, IReadOnlyList<VariableAgreement> Variables);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(AgreementAnswer))]
internal sealed partial class AgreementJson : JsonSerializerContext;

/// <summary><c>polyphony analyse agreement</c>: whether several coders give the same units the same values.</summary>
internal static class AnalyseAgreement
{
    private const decimal LargestValue = 1_000_000;

    private static readonly FileHelp CodesHelp = new(
        "--codes", "what the coders noted, CSV or XLSX, one coder's view of one unit a row.",
        new("unit", "what was coded: a speech, a statement, a page"),
        new("coder", "who coded it; nobody codes a unit twice"),
        new("(each variable)", "the value; blank, NA and NaN mean that none was given; at all levels but nominal a number with a point"));

    public static Command Verb()
    {
        Option<string> codes = VerbOptions.Text("--codes", "F.csv", "The coders' values.", required: true);
        Option<string> level = VerbOptions.OneOf("--level", "What the values are: names, an order, differences or ratios; nominal without it.", "nominal", "ordinal", "interval", "ratio");
        return new VerbCommand("agreement", "Do several coders give the same things the same values?", (parsed, shell, _) =>
            Run(parsed.GetValue(codes)!, Enum.Parse<MeasurementLevel>(parsed.GetValue(level) ?? "nominal", ignoreCase: true), shell))
        {
            Options = { codes, level },
            Examples = ["polyphony analyse agreement --codes codes.csv", "polyphony analyse agreement --codes codes.csv --level ordinal"],
            Reads = [CodesHelp],
        };
    }

    private static int Run(string path, MeasurementLevel level, Shell shell)
    {
        List<SheetProblem> problems = [];
        if (Read(path, level, problems) is not { } answer || problems.Count > 0)
        {
            return shell.Refuse(problems);
        }

        return shell.Answer(ExitCode.Done, answer, AgreementJson.Default.AgreementAnswer,
        [
            string.Create(CultureInfo.InvariantCulture, $"{answer.Coders} coders, {answer.Units} units; Krippendorff's alpha at the {answer.Level} level: 1 all agree, 0 what chance gives."),
            .. answer.Variables.Select(variable => string.Create(
                CultureInfo.InvariantCulture, $"{variable.Variable}: {(variable.Alpha is { } alpha ? alpha.ToString("F4", CultureInfo.InvariantCulture) : "nothing to compare, or all values equal")}; {variable.Values} values in {variable.Units} units, {variable.Dropped} units left out.")),
        ]);
    }

    private static AgreementAnswer? Read(string path, MeasurementLevel level, List<SheetProblem> problems)
    {
        if (AnswerCells.Table(path, problems) is not { } sheet)
        {
            return null;
        }

        int unit = AnswerCells.Demand(sheet, "unit", problems);
        int coder = AnswerCells.Demand(sheet, "coder", problems);
        int[] variables = [.. Enumerable.Range(0, sheet.Headers.Count).Where(column => column != unit && column != coder && sheet.Headers[column].Length > 0)];
        if (variables.Length == 0)
        {
            problems.Add(new SheetProblem("too-few-columns", sheet.File, Column: "(each variable)", Value: "0", Expected: "1"));
        }

        if (unit < 0 || coder < 0 || variables.Length == 0)
        {
            return null;
        }

        Dictionary<(string Unit, string Coder), SheetRow> rows = [];
        foreach (SheetRow row in sheet.Rows)
        {
            (string Unit, string Coder) key = (CellText.Key(AnswerCells.Text(sheet, row, unit, problems)), CellText.Key(AnswerCells.Text(sheet, row, coder, problems)));
            if (!rows.TryAdd(key, row) && key is { Unit.Length: > 0, Coder.Length: > 0 })
            {
                problems.Add(new SheetProblem("value-twice", sheet.File, row.Number, sheet.Headers[unit], SheetProblem.Shorten($"{row[unit].Trim()} · {row[coder].Trim()}"), rows[key].Number.ToString(CultureInfo.InvariantCulture)));
            }
        }

        string[] units = [.. rows.Keys.Select(key => key.Unit).Distinct().Order(StringComparer.Ordinal)];
        string[] coders = [.. rows.Keys.Select(key => key.Coder).Distinct().Order(StringComparer.Ordinal)];
        List<VariableAgreement> found = [];
        foreach (int column in variables)
        {
            string[] names = [.. sheet.Rows.Select(row => CellText.Key(row[column])).Distinct().Order(StringComparer.Ordinal)];
            decimal? Value(SheetRow row) => level == MeasurementLevel.Nominal
                ? AnswerCells.IsMissing(row[column]) ? null : Array.IndexOf(names, CellText.Key(row[column]))
                : AnswerCells.Number(sheet, row, column, LargestValue, problems);
            Dictionary<(string, string), decimal?> values = rows.ToDictionary(pair => pair.Key, pair => Value(pair.Value));
            foreach (SheetRow row in rows.Where(pair => level == MeasurementLevel.Ratio && values[pair.Key] < 0).Select(pair => pair.Value))
            {
                problems.Add(new SheetProblem("number-outside", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), "0 upwards, as ratios need"));
            }

            if (problems.Count == 0)
            {
                KrippendorffAlpha alpha = KrippendorffAlpha.Of([.. coders.Select(who => (IReadOnlyList<decimal?>)[.. units.Select(what => values.GetValueOrDefault((what, who)))])], level);
                found.Add(new VariableAgreement(sheet.Headers[column], alpha.Units, alpha.Values, alpha.Dropped, alpha.Alpha));
            }
        }

        return new AgreementAnswer("computed", level.ToString().ToLowerInvariant(), coders.Length, units.Length, found);
    }
}
