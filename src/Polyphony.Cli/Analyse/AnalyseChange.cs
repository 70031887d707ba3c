using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Statistics.Change;

namespace Polyphony.Cli.Analyse;

/// <summary>One answer and how many gave it.</summary>
/// <param name="NetChange">Share after less share before.</param>
internal sealed record OptionChange(string Option, int Before, int After, double? NetChange);

/// <summary>How many people went from one answer to another, or stayed.</summary>
internal sealed record FlowAnswer(string Before, string After, int People);

/// <summary>A test of one question: what, on how many people, and its p-value.</summary>
/// <param name="Name"><c>mcnemar</c>, <c>stuart-maxwell</c>, <c>bhapkar</c>, <c>bowker</c>, <c>wilcoxon</c> or <c>paired-t</c>.</param>
/// <param name="Pairs">People who answered both times.</param>
/// <param name="Counted">Of them, those on whom the test rests.</param>
/// <param name="Statistic">Chi-square, the sum of ranks upwards, or t; null where there is none.</param>
/// <param name="Effect">Direction of those who changed, rank-biserial correlation or d_z, by the test.</param>
internal sealed record TestAnswer(string Name, int Pairs, int Counted, double? Statistic, int? Degrees, double? PValue, bool Exact, double? Effect);

/// <summary>One table's answers before and after.</summary>
/// <param name="Extremity">How much further from the middle of the scale the mean is than before.</param>
/// <param name="Spread">Standard deviation after less before; null below two people.</param>
internal sealed record TableAnswer(string Table, int People, double Extremity, double? Spread);

/// <summary>Whether tables moved away from the middle of the scale, and whether their members grew alike.</summary>
/// <param name="Away">Tables whose mean moved away from the middle, and <paramref name="Towards"/> those that came nearer.</param>
/// <param name="Narrower">Tables whose members grew alike, and <paramref name="Wider"/> those that grew apart.</param>
/// <param name="WithoutTable">People who answered both times and have no table.</param>
internal sealed record TablesChange(double Middle, int Away, int Towards, int Narrower, int Wider, double? MeanExtremity, double? MeanSpread, int WithoutTable, IReadOnlyList<TableAnswer> Tables);

/// <summary>What became of one question.</summary>
/// <param name="Kind"><c>binary</c>, <c>ordered</c> (all answers are numbers) or <c>named</c>.</param>
/// <param name="MainTest">The test that is adjusted for many questions: mcnemar, wilcoxon or stuart-maxwell by the kind; null when nothing is tested.</param>
/// <param name="NotTested">Why not, or null: <c>fewer-than-10-pairs</c>, <c>nobody-changed</c>.</param>
/// <param name="Tables">Where tables were asked for and all answers are numbers on the scale, else null.</param>
internal sealed record QuestionChange(
    string Question, string Kind, int Pairs, int Unanswered, int Changed, double? GrossChange, double? MeanChange, double? MeanChangeLower, double? MeanChangeUpper,
    string? MainTest, double? PValue, double? AdjustedPValue, string? NotTested, IReadOnlyList<TestAnswer> Tests, IReadOnlyList<OptionChange> Options, IReadOnlyList<FlowAnswer> Flow,
    TablesChange? Tables);

/// <summary>What <c>analyse change</c> writes.</summary>
internal sealed record ChangeAnswer(
    string Outcome, int People, int OnlyBefore, int OnlyAfter, IReadOnlyList<string> QuestionsOnlyBefore, IReadOnlyList<string> QuestionsOnlyAfter, string AdjustedBy, int Adjusted, IReadOnlyList<QuestionChange> Questions);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(ChangeAnswer))]
internal sealed partial class ChangeJson : JsonSerializerContext;

/// <summary><c>polyphony analyse change</c>: how the same people answered before and after.</summary>
internal static class AnalyseChange
{
    /// <summary>Fewer pairs are counted and shown, but not tested.</summary>
    private const int FewestPairs = 10;

    public static Command Verb()
    {
        Option<string> before = VerbOptions.Text("--before", "F.csv", "Answers before.", required: true);
        Option<string> after = VerbOptions.Text("--after", "F.csv", "Answers after.", required: true);
        Option<string> id = VerbOptions.Text("--id", "COL", "Column of the person's code, in both files.", required: true);
        Option<string> adjust = VerbOptions.OneOf("--adjust", "How p-values of many questions are adjusted; holm without it.", "holm", "benjamini-hochberg");
        Option<string> table = VerbOptions.Text("--table", "COL", "Column of the table at which somebody sat, in the file after: did tables move away from the middle, did their members grow alike? Needs --scale.");
        Option<string> scale = VerbOptions.Text("--scale", "LOW,HIGH", "For --table: the ends of the scale, 1,5 for example; questions with answers outside of it get no tables.");
        ColumnHelp[] columns =
        [
            new("(--id)", "the person's code, the same in both files, each once; case and outer spaces do not matter"),
            new("(each question)", "the answer: numbers are taken as ordered, anything else as names; blank, NA and NaN mean no answer; questions of one file only are named and left out"),
        ];
        return new VerbCommand("change", "How did the answers of the same people change?", (parsed, shell, _) =>
            Run(parsed.GetValue(before)!, parsed.GetValue(after)!, parsed.GetValue(id)!, parsed.GetValue(adjust) ?? "holm", parsed.GetValue(table), parsed.GetValue(scale), shell))
        {
            Options = { before, after, id, adjust, table, scale },
            Examples = ["polyphony analyse change --before before.csv --after after.csv --id code", "polyphony analyse change --before before.csv --after after.csv --id code --table table --scale 1,5"],
            Reads =
            [
                new FileHelp("--before", "one person a row, CSV or XLSX.", columns),
                new FileHelp("--after", "the same people and questions once more.", [.. columns, new ColumnHelp("(--table)", "the table at which somebody sat, blank for who sat at none; no question, nor in the file before")]),
            ],
        };
    }

    private static int Run(string before, string after, string id, string adjust, string? table, string? scale, Shell shell)
    {
        List<SheetProblem> problems = [];
        (decimal Low, decimal High)? ends = Scale(table, scale, problems);
        if (ChangeFiles.Read(before, after, id, table, problems) is not { } files || problems.Count > 0)
        {
            return shell.Refuse(problems);
        }

        QuestionChange[] questions = [.. files.Questions.Select(asked => Of(asked, ends))];
        int[] tested = [.. Enumerable.Range(0, questions.Length).Where(i => questions[i].PValue is not null)];
        double[] pValues = [.. tested.Select(i => questions[i].PValue!.Value)];
        bool isHolm = string.Equals(adjust, "holm", StringComparison.OrdinalIgnoreCase);
        IReadOnlyList<double> adjusted = isHolm ? ManyTests.Holm(pValues) : ManyTests.BenjaminiHochberg(pValues);
        for (int i = 0; i < tested.Length; i++)
        {
            questions[tested[i]] = questions[tested[i]] with { AdjustedPValue = adjusted[i] };
        }

        ChangeAnswer answer = new(
            "computed", files.People, files.OnlyBefore, files.OnlyAfter, files.QuestionsOnlyBefore, files.QuestionsOnlyAfter, isHolm ? "holm" : "benjamini-hochberg", tested.Length, questions);
        return shell.Answer(ExitCode.Done, answer, ChangeJson.Default.ChangeAnswer,
        [
            string.Create(CultureInfo.InvariantCulture, $"{files.People} people answered both times; {files.OnlyBefore} only before, {files.OnlyAfter} only after."),
            .. questions.Select(Sentence),
        ]);
    }

    private static (decimal, decimal)? Scale(string? table, string? scale, List<SheetProblem> problems)
    {
        if (table is null != scale is null)
        {
            problems.Add(new SheetProblem("option-needs", "", Column: table is null ? "--scale" : "--table", Expected: table is null ? "--table" : "--scale"));
        }

        if (scale is null)
        {
            return null;
        }

        if (VerbOptions.Columns(scale) is [{ } low, { } high] && AnswerCells.TryNumber(low, out decimal least) && AnswerCells.TryNumber(high, out decimal most)
            && least < most && Math.Abs(least) <= PairedValues.Largest && Math.Abs(most) <= PairedValues.Largest)
        {
            return (least, most);
        }

        problems.Add(new SheetProblem("option-value", "", Column: "--scale", Value: scale, Expected: "two numbers, the lower one first, such as 1,5"));
        return null;
    }

    private static TablesChange? Tables(AskedTwice asked, (decimal Low, decimal High)? scale)
    {
        if (scale is not { } ends || asked.Numbers is not { Count: > 0 } numbers || numbers.Any(pair => Outside(pair.Before, ends) || Outside(pair.After, ends)))
        {
            return null;
        }

        decimal middle = (ends.Low + ends.High) / 2;
        TableMovement found = TableMovement.Of(middle, [.. asked.Tables.Index().Where(person => person.Item.Length > 0).GroupBy(person => person.Item).OrderBy(at => at.Key, StringComparer.Ordinal)
            .Select(at => (at.Key, (IReadOnlyCollection<(decimal, decimal)>)[.. at.Select(person => numbers[person.Index])]))]);
        return new TablesChange(
            (double)middle, found.Away, found.Towards, found.Narrower, found.Wider, found.MeanExtremity, found.MeanSpread, asked.Tables.Count(table => table.Length == 0),
            [.. found.Tables.Select(shift => new TableAnswer(shift.Table, shift.People, shift.Extremity, shift.Spread))]);
    }

    private static bool Outside(decimal answer, (decimal Low, decimal High) ends) => answer < ends.Low || answer > ends.High;

    private static QuestionChange Of(AskedTwice asked, (decimal Low, decimal High)? scale)
    {
        string[] names = [.. Names(asked)];
        Dictionary<string, int> place = names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        (int Before, int After)[] moves = [.. Enumerable.Range(0, asked.Answers.Count).Select(i => (place[Name(asked, i, first: true)], place[Name(asked, i, first: false)]))];
        AnswerFlow flow = AnswerFlow.Of(Math.Max(1, names.Length), moves);
        string kind = names.Length == 2 ? "binary" : asked.Numbers is not null ? "ordered" : "named";
        PairedT? means = asked.Numbers is null ? null : PairedT.Of(asked.Numbers);
        bool isTested = flow.Pairs >= FewestPairs && flow.Changed > 0;
        TestAnswer[] tests = isTested ? [.. Tests(kind, flow, asked.Numbers, means)] : [];
        return new QuestionChange(
            asked.Question, kind, flow.Pairs, asked.Unanswered, flow.Changed, flow.GrossChange, means?.MeanDifference, isTested ? means?.Lower : null, isTested ? means?.Upper : null,
            tests.Length > 0 ? tests[0].Name : null, tests.Length > 0 ? tests[0].PValue : null, null,
            flow.Pairs < FewestPairs ? "fewer-than-10-pairs" : flow.Changed == 0 ? "nobody-changed" : null,
            tests,
            [.. names.Select((name, i) => new OptionChange(name, flow.Before[i], flow.After[i], flow.Pairs == 0 ? null : flow.NetChange[i]))],
            [.. from i in Enumerable.Range(0, names.Length) from j in Enumerable.Range(0, names.Length) where flow.Counts[i][j] > 0 select new FlowAnswer(names[i], names[j], flow.Counts[i][j])],
            Tables(asked, scale));
    }

    /// <summary>The main test first.</summary>
    private static IEnumerable<TestAnswer> Tests(string kind, AnswerFlow flow, IReadOnlyList<(decimal Before, decimal After)>? numbers, PairedT? means)
    {
        if (kind == "binary")
        {
            McNemar binary = McNemar.Of(flow.Counts[0][1], flow.Counts[1][0]);
            bool isExact = binary.Changed < McNemar.FewestForChiSquare;
            yield return new TestAnswer("mcnemar", flow.Pairs, binary.Changed, isExact ? null : binary.ChiSquared, isExact ? null : 1, binary.BestPValue, isExact, -binary.Direction);
            yield break;
        }

        if (kind == "ordered")
        {
            SignedRank ranks = SignedRank.Of([.. numbers!]);
            yield return new TestAnswer("wilcoxon", ranks.Pairs, ranks.Pairs - ranks.Equal, ranks.RanksUp, null, ranks.PValue, ranks.IsExact, ranks.RankBiserial);
            yield return new TestAnswer("paired-t", means!.Pairs, means.Pairs, means.T, means.Degrees, means.PValue, false, means.EffectSize);
        }

        StuartMaxwell shares = StuartMaxwell.Of(flow);
        yield return new TestAnswer("stuart-maxwell", shares.Pairs, shares.Changed, shares.ChiSquared, shares.Degrees, shares.PValue, false, null);
        yield return new TestAnswer("bhapkar", shares.Pairs, shares.Changed, shares.Bhapkar, shares.Degrees, shares.BhapkarPValue, false, null);
        Bowker symmetry = Bowker.Of(flow);
        yield return new TestAnswer("bowker", symmetry.Pairs, symmetry.Changed, symmetry.ChiSquared, symmetry.Degrees, symmetry.PValue, false, null);
    }

    private static IEnumerable<string> Names(AskedTwice asked) => asked.Numbers is null
        ? asked.Answers.SelectMany(pair => new[] { pair.Before, pair.After }).Distinct().Order(StringComparer.Ordinal)
        : asked.Numbers.SelectMany(pair => new[] { pair.Before, pair.After }).Distinct().Order().Select(Written);

    private static string Name(AskedTwice asked, int person, bool first) => asked.Numbers is { } numbers
        ? Written(first ? numbers[person].Before : numbers[person].After)
        : first ? asked.Answers[person].Before : asked.Answers[person].After;

    /// <summary>2 and 2.0 are one answer.</summary>
    private static string Written(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    private static string Sentence(QuestionChange question) => string.Create(
        CultureInfo.InvariantCulture,
        $"{question.Question}: {question.Changed} of {question.Pairs} changed{(question.MeanChange is null ? "" : $", mean {question.MeanChange:+0.###;-0.###;0}")}; {(question.NotTested is null ? $"{question.MainTest} p {question.PValue:G3}, adjusted {question.AdjustedPValue:G3}" : $"not tested ({question.NotTested})")}{(question.Tables is { } tables ? $"; of {tables.Tables.Count} tables {tables.Away} moved away from the middle {tables.Middle} and {tables.Towards} towards it, {tables.Narrower} grew alike and {tables.Wider} apart" : "")}.");
}
