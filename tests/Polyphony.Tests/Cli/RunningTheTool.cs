using System.Text.Json.Nodes;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;

namespace Polyphony.Tests.Cli;

public sealed class RunningTheTool : IDisposable
{
    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("nonsense")]
    [InlineData("invite")]
    [InlineData("invite --count x --out o --randomness r")]
    [InlineData("invite --count 0 --out o --randomness r")]
    [InlineData("invite --count 5 --out o --randomness r --wrong")]
    public void A_wrong_command_line_is_bad_input(string line)
    {
        (int code, string output, string error) = bench.Run(line.Split(' '));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("--help", error, StringComparison.Ordinal);
        (code, JsonObject answer) = bench.Json(line.Split(' '));
        Assert.Equal(2, code);
        Assert.All(answer["problems"]!.AsArray(), problem => Assert.Equal("option", (string?)problem!["code"]));
    }

    [Fact]
    public void All_wrong_options_are_told_at_once() =>
        Assert.Equal(["option", "option", "option"], bench.Refusals("invite", "--count", "x", "--place-count", "-1", "--place-by", "chance", "--out", "o", "--randomness", "r"));

    [Fact]
    public void Help_states_every_option_file_column_and_code() => Assert.All(AllVerbs(Verbs.Root()), path =>
    {
        (int code, string help, string error) = bench.Run([.. path.Words, "--help"]);
        Assert.Equal((0, ""), (code, error));
        VerbCommand verb = path.Verb;
        Assert.NotEmpty(verb.Examples);
        string flat = string.Join(' ', help.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.All(verb.Options, option => Assert.Contains(option.Name, help, StringComparison.Ordinal));
        Assert.All(verb.Reads.Concat(verb.Writes), file =>
        {
            Assert.Contains(Flat($"{file.Name}: {file.Meaning}"), flat, StringComparison.Ordinal);
            Assert.All(file.Columns, column => Assert.Contains(Flat($"{column.Name} {column.Meaning}"), flat, StringComparison.Ordinal));
        });
        Assert.All(verb.Examples, example => Assert.Contains(example, help, StringComparison.Ordinal));
        Assert.All(help.Split('\n').Where(line => !verb.Examples.Contains(line.Trim())), line => Assert.True(line.TrimEnd().Length <= 112, line));
        Assert.Contains("2  bad input", help, StringComparison.Ordinal);
        Assert.Contains("130  stopped by Ctrl-C", help, StringComparison.Ordinal);
        Assert.All(verb.Codes, number => Assert.Contains($"  {number}  ", help, StringComparison.Ordinal));
    });

    [Fact]
    public void Examples_are_command_lines_that_the_tool_takes() => Assert.All(AllVerbs(Verbs.Root()), path => Assert.All(path.Verb.Examples, example =>
    {
        Assert.StartsWith("polyphony " + string.Join(' ', path.Words), example, StringComparison.Ordinal);
        Assert.Empty(Verbs.Root().Parse(example["polyphony ".Length..]).Errors);
    }));

    [Fact]
    public void Columns_of_written_tables_are_those_of_the_help()
    {
        string register = bench.File("register.csv", "id,place,age\n1,A,young\n2,A,old\n3,B,old\n");
        string places = bench.File("places.csv", "place,letters\nA,1\nB,1\n");
        Assert.Equal(0, bench.Run("invite", "--register", register, "--places", places, "--strata", "age", "--count", "2", "--randomness", new string('a', 64), "--out", bench["out"]).Code);
        VerbCommand invite = AllVerbs(Verbs.Root()).Single(path => path.Words is ["invite"]).Verb;
        Assert.Equal(invite.Writes.Select(file => file.Name).Order(StringComparer.Ordinal), Directory.GetFiles(bench["out"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        foreach (FileHelp file in invite.Writes.Where(file => file.Name.EndsWith(".csv", StringComparison.Ordinal)))
        {
            IEnumerable<string> stated = file.Columns.SelectMany(column => column.Name switch
            {
                "(--strata)" => ["age"],
                "register: (column)" => ["register: id", "register: place", "register: age"],
                _ => (string[])[column.Name],
            });
            Assert.Equal(stated, bench.Table("out/" + file.Name).Headers);
        }
    }

    [Fact]
    public void Every_problem_has_a_sentence()
    {
        string sheets = string.Concat(Directory.GetFiles(Repository.PathOf("src", "Polyphony.Sheets"), "*.cs").Concat(Directory.GetFiles(Repository.PathOf("src", "Polyphony.Cli"), "*.cs", SearchOption.AllDirectories)).Select(File.ReadAllText));
        string[] codes = [.. System.Text.RegularExpressions.Regex.Matches(sheets, "new SheetProblem\\([^\"]*?\"([a-z-]+)\"(?: : \"([a-z-]+)\")?").SelectMany(match => new[] { match.Groups[1].Value, match.Groups[2].Value }).Where(code => code.Length > 0).Distinct()];
        Assert.True(codes.Length > 30);
        Assert.All(codes, code => Assert.DoesNotContain(code + " V E", ProblemSentences.Of(new SheetProblem(code, "f.csv", 3, "c", "V", "E")), StringComparison.Ordinal));
        Assert.Equal("pool.csv, row 14, column age: “1X” is none of 16–29, 30–44.", ProblemSentences.Of(new SheetProblem("unknown-value", "pool.csv", 14, "age", "1X", "16–29, 30–44")));
    }

    [Fact]
    public void There_are_no_other_exit_codes_than_those_that_are_promised() => Assert.Equal(
        [0, 2, 3, 4, 5, 130], typeof(ExitCode).GetFields().Select(code => (int)code.GetRawConstantValue()!).Order());

    [Fact]
    public void A_directory_that_cannot_be_written_to_is_bad_input()
    {
        string register = bench.File("register.csv", "id,age\n1,young\n2,old\n");
        string[] invite = ["invite", "--register", register, "--strata", "age", "--count", "2", "--randomness", new string('a', 64), "--out", Path.Combine(register, "out")];
        (int code, JsonObject answer) = bench.Json(invite);
        Assert.Equal((2, "not-written"), (code, (string)answer["outcome"]!));
        Assert.Contains("Nothing was written", bench.Run(invite).Error, StringComparison.Ordinal);
        Assert.Equal(["register.csv"], bench.Standing());
    }

    [Fact]
    public void A_pool_of_which_nothing_is_decided_in_time_ends_in_words_and_one_object()
    {
        bench.Write("pool.csv", "quotas.csv", Polyphony.Tests.Sortition.Pools.Tight(400, 15, 40, 5));
        (int code, JsonObject answer) = bench.Json("draw", "lottery", "--pool", bench["pool.csv"], "--quotas", bench["quotas.csv"], "--size", "40", "--time-limit", "1", "--out", bench["out"]);
        Assert.Equal((5, "undecided"), (code, (string)answer["outcome"]!));
        Assert.Contains("--time-limit", (string)answer["message"]!, StringComparison.Ordinal);
        Assert.Equal(["pool.csv", "quotas.csv"], bench.Standing());
    }

    [Fact]
    public void What_a_limit_left_undecided_is_said_as_one_object()
    {
        using StringWriter output = new();
        using StringWriter error = new();
        Assert.All((string[])["undecided", "legacy-found-no-panel", "digits-exhausted"], code =>
        {
            output.GetStringBuilder().Clear();
            Assert.Equal(5, Polyphony.Cli.Draw.ComputeLottery.Refuse(new Shell(output, error, json: true, terminal: false), code));
            Assert.Equal(code, (string)JsonNode.Parse(output.ToString())!["outcome"]!);
        });
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public void A_directory_appears_whole_or_not_at_all()
    {
        using (OutputFolder folder = OutputFolder.Begin(bench["out"]))
        {
            folder.Write("a.csv", [1]);
            Assert.False(Directory.Exists(bench["out"]));
        }

        Assert.Empty(bench.Standing());
        using (OutputFolder folder = OutputFolder.Begin(bench["out"]))
        {
            folder.Write("a.csv", [1]);
            folder.Finish(TestContext.Current.CancellationToken);
        }

        Assert.Equal(["out", "out/a.csv"], bench.Standing());
        using (OutputFolder folder = OutputFolder.Begin(bench["out"]))
        {
            folder.Write("a.csv", [2, 3]);
            folder.Write("b.csv", [4]);
            Assert.Throws<OperationCanceledException>(() => folder.Finish(new CancellationToken(canceled: true)));
        }

        Assert.Equal([1], File.ReadAllBytes(bench["out/a.csv"]));
        Assert.Equal(["out", "out/a.csv"], bench.Standing());
    }

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static List<(string[] Words, VerbCommand Verb)> AllVerbs(System.CommandLine.Command from, params string[] words)
    {
        List<(string[], VerbCommand)> found = from is VerbCommand verb ? [(words, verb)] : [];
        foreach (System.CommandLine.Command inner in from.Subcommands)
        {
            found.AddRange(AllVerbs(inner, [.. words, inner.Name]));
        }

        return found;
    }
}
