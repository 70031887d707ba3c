using System.Text.Json.Nodes;
using Polyphony.Cli.Frame;
using Polyphony.Cli.Seat;
using Polyphony.Seating;
using Polyphony.Sheets;

namespace Polyphony.Tests.Cli;

public sealed class PlanningTables : IDisposable
{
    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void A_plan_seats_everybody_once_a_round_and_says_how_good_it_is()
    {
        (int code, JsonObject answer) = Seat(People(12), "--mix", "gender");
        Assert.Equal(0, code);
        Assert.Equal((12, 3, 2, 0), ((int)answer["people"]!, (int)answer["tables"]!, (int)answer["rounds"]!, (int)answer["violations"]!));
        // Four people at three tables: one pair of each table must meet again in the other round.
        Assert.Equal(33, (int)answer["ceiling"]!);
        Sheet plan = bench.Table("out/plan.csv");
        Assert.Equal(["round", "table", "seat", "id"], plan.Headers);
        Assert.All(plan.Rows.GroupBy(row => row[0]), round => Assert.Equal(12, round.Select(row => row[3]).Distinct().Count()));
        Assert.All(plan.Rows.GroupBy(row => (row[0], row[1])), table => Assert.Equal(["1", "2", "3", "4"], table.Select(row => row[2])));
        HashSet<string> pairs = [.. plan.Rows.GroupBy(row => (row[0], row[1])).SelectMany(table => table.SelectMany(a => table.Where(b => string.CompareOrdinal(a[3], b[3]) < 0).Select(b => a[3] + b[3])))];
        Assert.Equal(pairs.Count, (int)answer["distinctPairs"]!);
        Assert.Equal(2 * pairs.Count, bench.Table("out/met.csv").Rows.Count);
        JsonNode saved = JsonNode.Parse(File.ReadAllText(bench["out/plan.json"]))!;
        Assert.Equal((int)answer["distinctPairs"]!, (int)saved["distinctPairs"]!);
        Assert.True(answer.ContainsKey("seconds") && answer.ContainsKey("repeats") && !answer.ContainsKey("inputs"));
    }

    [Fact]
    public void The_order_of_rows_and_columns_changes_nothing_and_new_names_change_names_only()
    {
        string[] rows = People(12);
        Seat(rows, "--mix", "gender,age");
        string first = File.ReadAllText(bench["out/plan.csv"]);
        Seat([rows[0], .. rows[1..].Reverse()], "--mix", "gender,age");
        Assert.Equal(first, File.ReadAllText(bench["out/plan.csv"]));
        Seat([.. rows.Select(row => string.Join(',', row.Split(',').Reverse()))], "--mix", "gender,age");
        Assert.Equal(first, File.ReadAllText(bench["out/plan.csv"]));

        // Town tells everybody apart, so that even names in another order stand for the same people.
        Seat([rows[0], .. rows[1..].Select(row => "z" + (100 - int.Parse(row[1..3], System.Globalization.CultureInfo.InvariantCulture)) + row[3..])], "--mix", "gender,age");
        string renamed = System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(bench["out/plan.csv"]), "z(\\d+)", match => $"p{100 - int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture):D2}");
        Assert.Equal(first, renamed);
    }

    [Theory]
    [InlineData("--together")]
    [InlineData("--apart")]
    public void New_names_for_people_who_are_alike_change_names_only(string rule)
    {
        // Nothing but their names tells the people of one gender apart, and five couples of a man and a woman, with one trio, bind them.
        string[] names = [.. Enumerable.Range(1, 24).Select(i => $"p{i:D2}")];
        int[][] groups = [[1, 2], [3, 4], [5, 6], [7, 8], [9, 10], [11, 12, 14]];
        string first = Planned(names, reverse: false);
        Assert.Equal(first, Planned(names, reverse: true));
        foreach (int seed in Enumerable.Range(1, 4))
        {
            string[] renamed = [.. names];
            new Random(seed).Shuffle(renamed);
            Assert.Equal(first, Planned(renamed, reverse: seed % 2 == 0));
        }

        // The plan without names: the gender at each seat, and at which seats those sit to whom the person is bound.
        string Planned(string[] called, bool reverse)
        {
            IEnumerable<string> rows = Enumerable.Range(0, 24).Select(i => $"{called[i]},{(i % 2 == 0 ? "w" : "m")}");
            IEnumerable<string> bound = groups.SelectMany((group, g) => group.Select(person => $"{(reverse ? 9 - g : g)},{called[person - 1]}"));
            string file = bench.File("bound.csv", "group,id\n" + string.Join('\n', reverse ? bound.Reverse() : bound));
            (int code, _) = Seat(["id,gender", .. reverse ? rows.Reverse() : rows], "--mix", "gender", rule, file);
            Assert.Equal(0, code);
            IReadOnlyList<SheetRow> plan = bench.Table("out/plan.csv").Rows;
            return string.Join('\n', plan.Select(row =>
            {
                int person = Array.IndexOf(called, row[3]) + 1;
                int[] others = groups.FirstOrDefault(group => group.Contains(person)) ?? [];
                IEnumerable<string> seats = plan.Where(other => other[0] == row[0] && other[3] != row[3] && others.Contains(Array.IndexOf(called, other[3]) + 1)).Select(other => $"{other[1]}.{other[2]}");
                return $"{row[0]} {row[1]} {row[2]} {(person % 2 == 1 ? "w" : "m")} {string.Join(' ', seats)}";
            }));
        }
    }

    [Fact]
    public void Another_seed_gives_another_plan_and_the_same_seed_the_same()
    {
        Seat(People(12), "--seed", "5eed");
        string first = File.ReadAllText(bench["out/plan.csv"]);
        Seat(People(12), "--seed", "5eee");
        Assert.NotEqual(first, File.ReadAllText(bench["out/plan.csv"]));
        Seat(People(12), "--seed", "5EED");
        Assert.Equal(first, File.ReadAllText(bench["out/plan.csv"]));
    }

    [Fact]
    public void Groups_pairs_and_fixed_seats_are_kept()
    {
        string together = bench.File("together.csv", "group,id\nfamily,p01\nfamily,p02\n");
        string apart = bench.File("apart.csv", "p03,p04,p05\n");
        string seats = bench.File("fixed.csv", "id,table,round\np06,3,\np07,1,2\n");
        string bounds = bench.File("bounds.csv", "criterion,value,min,max\nGender,W,1,\n");
        string hosts = bench.File("hosts.csv", "p08\n");
        (_, JsonObject answer) = Seat(People(12), "--mix", "gender", "--nobody-alone", "age", "--together", together, "--apart", apart, "--fixed", seats, "--bounds", bounds, "--hosts", hosts);
        Assert.Equal(0, (int)answer["violations"]!);
        ILookup<string, string> at = bench.Table("out/plan.csv").Rows.ToLookup(row => row[3], row => row[1]);
        Assert.Equal(at["p01"], at["p02"]);
        Assert.All(new[] { ("p03", "p04"), ("p03", "p05"), ("p04", "p05") }, pair => Assert.All(at[pair.Item1].Zip(at[pair.Item2]), tables => Assert.NotEqual(tables.First, tables.Second)));
        Assert.Equal(["3", "3"], at["p06"]);
        Assert.Equal("1", at["p07"].Last());
        Assert.Single(at["p08"].Distinct());
    }

    [Fact]
    public void Files_of_GroupSelect_are_read_as_they_are()
    {
        (int code, JsonObject answer) = Seat([",ID,gender,age,fixed,allocation", .. Enumerable.Range(0, 12).Select(i => $"{i},{i + 1},{(i % 2 == 0 ? "male" : "female")},{(i % 3 == 0 ? "older" : "younger")},{(i == 4 ? "True" : "False")},{(i == 4 ? 2 : 0)}")], "--mix", "gender,age");
        Assert.Equal((0, 0), (code, (int)answer["violations"]!));
        Assert.All(bench.Table("out/plan.csv").Rows.Where(row => row[3] == "5"), row => Assert.Equal("3", row[1]));
    }

    [Fact]
    public void A_project_of_GroupSelect_is_refused_with_what_to_give_instead()
    {
        string project = bench.File("people.gspr", [0x1f, 0x8b, 8, 0, 0]);
        Assert.Equal(["file-unreadable"], bench.Refusals("seat", "--people", project, "--tables", "3", "--rounds", "2", "--out", bench["out"]));
        Assert.Contains("Give the file of people that was imported into it", bench.Run("seat", "--people", project, "--tables", "3", "--rounds", "2", "--out", bench["out"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_of_a_file_have_seats_access_facilitators_and_large_groups()
    {
        string layout = bench.File("tables.csv", "table,seats,accessible,facilitator,languages,group\n1,4,yes,Ann,fr,1\n2,4,no,Bo,en,1\n3,8,no,Cy,en fr,2\n");
        string[] people = ["id,speaks,wheels", .. Enumerable.Range(1, 12).Select(i => $"p{i:D2},{(i <= 4 ? "fr" : i <= 8 ? "en" : "en;fr")},{(i == 1 ? "yes" : "no")}")];
        string file = bench.File("people.csv", string.Join('\n', people));
        (int code, JsonObject answer) = bench.Json("seat", "--people", file, "--layout", layout, "--rounds", "2", "--languages", "speaks", "--most-languages", "2", "--access", "wheels", "--out", bench["out"]);
        Assert.Equal((0, 0), (code, (int)answer["violations"]!));
        Assert.Equal(["3", "3", "6"], bench.Table("out/plan.csv").Rows.Where(row => row[0] == "2").GroupBy(row => row[1]).Select(table => $"{table.Count()}"));
        Dictionary<string, string> group = bench.Table("out/groups.csv").Rows.ToDictionary(row => row[1], row => row[0]);
        Assert.All(bench.Table("out/plan.csv").Rows, row => Assert.Equal(row[1] == "3" ? "2" : "1", group[row[3]]));
        Assert.All(bench.Table("out/plan.csv").Rows.Where(row => row[3] == "p01"), row => Assert.Equal("1", row[1]));
        Assert.Equal(["Ann", "Bo", "Cy"], bench.Table("out/tables.csv").Rows.Take(3).Select(row => row[2]));
        Assert.Equal(["Ann", "Bo", "Cy"], answer["facilitators"]!.AsArray().Select(one => (string)one!["facilitator"]!));
    }

    [Fact]
    public void Every_problem_of_all_files_is_told_at_once()
    {
        string people = bench.File("people.csv", "id,gender\na,w\na,m\n,w\n");
        Assert.Equal(
            ["option-value:--seed", "not-both:--tables", "column-missing@1:age", "id-twice@3:id", "empty@4:id"],
            bench.Refusals("seat", "--people", people, "--tables", "2", "--layout", "x.csv", "--rounds", "2", "--mix", "gender,age", "--seed", "xyz", "--out", bench["out"]));
        string good = bench.File("good.csv", string.Join('\n', People(12)));
        string groups = bench.File("groups.csv", "group,id\n1,p01\n1,nobody\n1,\n");
        string seats = bench.File("seats.csv", "id,table,round\np01,9,1\np02,1,7\nx,1,\n");
        string bounds = bench.File("bounds.csv", "criterion,value,min,max\nheight,w,1,2\ngender,q,1,2\ngender,w,3,2\n");
        Assert.Equal(
            ["id-unknown@3:id", "empty@4:id", "number-outside@2:table", "number-outside@3:round", "id-unknown@4:id", "unknown-value@2:criterion", "unknown-value@3:value", "min-above-max@4:min"],
            bench.Refusals("seat", "--people", good, "--tables", "3", "--rounds", "2", "--mix", "gender", "--together", groups, "--fixed", seats, "--bounds", bounds, "--out", bench["out"]));
        Assert.Equal(["option-value:--tables"], bench.Refusals("seat", "--people", good, "--tables", "3,4,5", "--rounds", "2", "--out", bench["out"]));
        Assert.Equal(["option-needs:seat"], bench.Refusals("seat", "--people", good, "--rounds", "2", "--out", bench["out"]));
        Assert.Equal(["option-needs:--interpreters"], bench.Refusals("seat", "--people", good, "--tables", "2", "--interpreters", "2", "--rounds", "2", "--out", bench["out"]));
        string layout = bench.File("layout.csv", "table,seats,accessible\n1,4,perhaps\n1,4,no\n2,x,no\n");
        Assert.Equal(["unknown-value@2:accessible", "value-twice@3:table", "number-outside@4:seats", "too-few-seats"], bench.Refusals("seat", "--people", good, "--layout", layout, "--rounds", "1", "--out", bench["out"]));
    }

    [Theory]
    [InlineData("p01,p02,p03,p04,p05", null, SeatingRefusalCodes.GroupTooLarge)]
    [InlineData(null, "p01,p02,p03,p04", SeatingRefusalCodes.ApartTooMany)]
    [InlineData("p01,p02", "p02,p01", SeatingRefusalCodes.TogetherAndApart)]
    public void What_no_plan_can_keep_ends_with_three_and_says_why(string? together, string? apart, string code)
    {
        string[] rules = [.. together is null ? Array.Empty<string>() : ["--together", bench.File("t.csv", together)], .. apart is null ? Array.Empty<string>() : ["--apart", bench.File("a.csv", apart)]];
        (int exit, JsonObject answer) = Seat(People(12), rules);
        Assert.Equal((3, "infeasible"), (exit, (string)answer["outcome"]!));
        Assert.Equal(code, (string)Assert.Single(answer["reasons"]!.AsArray())!["code"]!);
        Assert.False(Directory.Exists(bench["out"]));
    }

    [Fact]
    public void A_limit_ends_with_five_and_a_whole_plan()
    {
        // By this value nothing proves that a plan with repeats is best, which would end the search by itself.
        (int code, JsonObject answer) = Seat(People(12), "--effort", "1000", "--seconds", "1", "--value", "harmonic");
        Assert.Equal((5, "ended-by-limit", true), (code, (string)answer["outcome"]!, (bool)answer["endedByLimit"]!));
        Assert.Equal(24, bench.Table("out/plan.csv").Rows.Count);
    }

    [Fact]
    public void Every_refusal_of_the_planner_has_a_sentence() => Assert.All(
        typeof(SeatingRefusalCodes).GetFields().Select(field => (string)field.GetValue(null)!),
        code => Assert.DoesNotContain(code, SeatRefusals.Sentence(new SeatingRefusal(code, "x", 1, 2)), StringComparison.Ordinal));

    [Fact]
    public void Columns_of_written_tables_are_those_of_the_help()
    {
        Seat(People(12));
        string away = bench.File("away.csv", "p01\n");
        Assert.Equal(0, bench.Run("seat", "repair", "--plan", bench["out"], "--absent", away, "--out", bench["out"]).Code);
        VerbCommand verb = (VerbCommand)Verbs.Root().Subcommands.Single(command => command.Name == "seat").Subcommands.Single();
        string[] written = [.. verb.Writes.Select(file => file.Name).Where(name => name != PlanFolder.GroupsName).Order(StringComparer.Ordinal)];
        Assert.Equal(written, Directory.GetFiles(bench["out"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        foreach (FileHelp file in verb.Writes.Where(file => file.Name.EndsWith(".csv", StringComparison.Ordinal) && written.Contains(file.Name)))
        {
            Assert.Equal(file.Columns.SelectMany(column => column.Name == "round 1, round 2 …" ? ["round 1", "round 2"] : new[] { column.Name }), bench.Table("out/" + file.Name).Headers);
        }
    }

    private (int Code, JsonObject Answer) Seat(string[] people, params string[] more) =>
        bench.Json(["seat", "--people", bench.File("people.csv", string.Join('\n', people)), "--tables", "3", "--rounds", "2", "--out", bench["out"], .. more]);

    internal static string[] People(int count) =>
        ["id,gender,age,town", .. Enumerable.Range(1, count).Select(i => $"p{i:D2},{(i % 2 == 0 ? "w" : "m")},{(i % 3 == 0 ? "old" : "young")},t{i * 7 % 13:D2}")];
}
