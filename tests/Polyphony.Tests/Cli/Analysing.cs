using System.Globalization;
using System.Text.Json.Nodes;

namespace Polyphony.Tests.Cli;

public sealed class Analysing : IDisposable
{
    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Reason_of_twenty_four_real_cases()
    {
        (int code, JsonObject answer) = bench.Json("analyse", "reason", "--data", RealCases);
        Assert.Equal(0, code);
        Dictionary<string, JsonNode> cases = answer["cases"]!.AsArray().ToDictionary(one => (string)one!["case"]!, one => one!);
        Assert.Equal(24, cases.Count);
        Assert.All(Expected(), test =>
        {
            JsonNode found = cases[(string)test["case"]!];
            Assert.Equal((int)test["n"]!, (int)found["n"]!);
            foreach ((string name, string member) in new[] { ("preOriginal", "before"), ("postOriginal", "after"), ("preAdjusted", "adjustedBefore"), ("postAdjusted", "adjustedAfter") })
            {
                Assert.Equal((double)test[name]!, (double)found[member]!, 4);
            }
        });
    }

    [Fact]
    public void Reason_does_not_depend_on_order_or_names()
    {
        string[] lines = [.. File.ReadAllLines(RealCases).Where((line, i) => i == 0 || line.Contains(",Bellinzona,", StringComparison.Ordinal) || line.Contains(",Aargau,", StringComparison.Ordinal))];
        string first = bench.File("a.csv", string.Join('\n', lines));
        string mixed = bench.File("b.csv", string.Join('\n', Mixed(lines, seed: 3)));
        string[] options = ["--permutations", "100", "--seed", "00ff"];
        Assert.Equal(bench.Run(["analyse", "reason", "--data", first, "--json", .. options]).Output, bench.Run(["analyse", "reason", "--data", mixed, "--json", .. options]).Output);
        string renamed = bench.File("c.csv", File.ReadAllText(mixed).Replace("Bellinzona", "Zzz", StringComparison.Ordinal).Replace("Aargau", "Yyy", StringComparison.Ordinal));
        Assert.Equal(
            bench.Run(["analyse", "reason", "--data", first, "--json", .. options]).Output.Replace("Bellinzona", "Zzz", StringComparison.Ordinal).Replace("Aargau", "Yyy", StringComparison.Ordinal),
            bench.Run(["analyse", "reason", "--data", renamed, "--json", .. options]).Output);
    }

    [Fact]
    public void Reason_says_what_it_left_out()
    {
        string data = bench.File("r.csv", "stage,pnum,C1,C2,C3,P1,P2,P3\nbefore,a,1,2,3,1,2,3\nbefore,b,3,2,1,3,2,1\nbefore,c,2,2,2,1,2,3\nafter,A,1,2,3,1,2,3\nafter,b,NA,2,1,3,2,1\nPost-Delib,d,1,2,3,1,2,3\n");
        JsonNode found = Assert.Single(bench.Json("analyse", "reason", "--data", data).Answer["cases"]!.AsArray())!;
        Assert.Equal((2, 1, 1, 1.0), ((int)found["n"]!, (int)found["onlyBefore"]!, (int)found["onlyAfter"]!, (double)found["before"]!));
        JsonNode alone = Assert.Single(bench.Json("analyse", "reason", "--data", bench.File("s.csv", "stage_id,pnum,C1,C2,P1,P2\n1,a,1,1,1,2\n1,b,1,2,1,2\n")).Answer["cases"]!.AsArray())!;
        Assert.Equal((2, 1, 0), ((int)alone["n"]!, (int)alone["droppedPairsBefore"]!, (int)alone["pairsBefore"]!));
        Assert.Null(alone["before"]);
        Assert.Null(alone["after"]);
    }

    [Fact]
    public void Reason_refuses_all_at_once()
    {
        string data = bench.File("r.csv", "case,stage_id,pnum,C1,C2,P1,P2\nx,1,a,1,2,1,2\nx,1,A,1,2,1,2\n,3,,x,2,1,2\nx,2,a,1e9,2000000,1,2\n");
        Assert.Equal(
            ["id-twice@3:pnum", "empty@4:case", "empty@4:pnum", "unknown-value@4:stage_id", "not-a-number@4:C1", "not-a-number@5:C1", "number-too-large@5:C2"],
            bench.Refusals("analyse", "reason", "--data", data));
        Assert.Equal(
            ["column-missing:stage_id", "column-missing:pnum", "too-few-columns:C1, C2 …", "too-few-columns:P1, P2 …"], bench.Refusals("analyse", "reason", "--data", bench.File("s.csv", "case,C1\nx,1\n")));
        Assert.Equal(["option-needs:--permutations", "no-rows"], bench.Refusals("analyse", "reason", "--permutations", "5", "--data", bench.File("t.csv", "stage_id,pnum,C1,C2,P1,P2\n")));
        Assert.Equal(["option-value:--seed", "file-missing"], bench.Refusals("analyse", "reason", "--seed", "abc", "--data", bench["none.csv"]));
    }

    [Fact]
    public void Change_by_the_test_that_fits_each_question()
    {
        (string before, string after) = ChangeFiles();
        (int code, JsonObject answer) = bench.Json("analyse", "change", "--before", before, "--after", after, "--id", "code");
        Assert.Equal(0, code);
        Assert.Equal((40, 1, 2, 3), ((int)answer["people"]!, (int)answer["onlyBefore"]!, (int)answer["onlyAfter"]!, (int)answer["adjusted"]!));
        JsonNode[] questions = [.. answer["questions"]!.AsArray().Select(question => question!)];
        Assert.Equal(["colour named stuart-maxwell", "favour binary mcnemar", "same ordered ", "trust ordered wilcoxon"], questions.Select(question => $"{question["question"]} {question["kind"]} {question["mainTest"]}"));
        Assert.Equal(["later"], answer["questionsOnlyAfter"]!.AsArray().Select(question => (string)question!));
        // 12 came over, 2 left: 2 P(Bin(14, 1/2) ≤ 2) = 212 / 16384.
        Assert.Equal(212.0 / 16384, (double)questions[1]["pValue"]!, 12);
        Assert.Equal((40, 14), ((int)questions[1]["pairs"]!, (int)questions[1]["changed"]!));
        Assert.Equal("nobody-changed", (string?)questions[2]["notTested"]);
        Assert.Equal(4, (int)questions[3]["unanswered"]!);
        Assert.All(questions.SelectMany(question => question["tests"]!.AsArray()), test => Assert.True((int)test!["pairs"]! >= 10 && (int)test["counted"]! > 0));
        Assert.All(questions, question => Assert.Equal((int)question["pairs"]!, question["flow"]!.AsArray().Sum(flow => (int)flow!["people"]!)));
        double[] raw = [.. questions.Where(question => question["pValue"] is not null).Select(question => (double)question["pValue"]!)];
        double[] adjusted = [.. questions.Where(question => question["pValue"] is not null).Select(question => (double)question["adjustedPValue"]!)];
        Assert.Equal(Math.Min(1, raw.Min() * 3), adjusted.Min(), 12);
        Assert.True(adjusted.Zip(raw, (more, less) => more >= less).All(holds => holds));
    }

    [Fact]
    public void Change_does_not_depend_on_order_or_names()
    {
        (string before, string after) = ChangeFiles();
        string first = bench.Run("analyse", "change", "--before", before, "--after", after, "--id", "code", "--json").Output;
        string[] Mixed2(string path, int seed) => [.. Mixed(File.ReadAllLines(path), seed).Select(line => line.Replace("red", "azure", StringComparison.Ordinal).Replace("green", "olive", StringComparison.Ordinal))];
        string second = bench.Run(
            "analyse", "change", "--before", bench.File("b2.csv", string.Join('\n', Mixed2(before, 1)).Replace("p", "q", StringComparison.Ordinal)),
            "--after", bench.File("a2.csv", string.Join('\n', Mixed2(after, 2)).Replace("P", "Q", StringComparison.Ordinal)), "--id", "code", "--json").Output;
        JsonNode[] Figures(string output) => [.. JsonNode.Parse(output)!["questions"]!.AsArray().Select(question => question!)];
        foreach ((JsonNode one, JsonNode other) in Figures(first).Zip(Figures(second)))
        {
            foreach (string member in new[] { "question", "pairs", "changed", "grossChange", "meanChange", "meanChangeLower", "pValue", "adjustedPValue", "tests" })
            {
                Assert.True(JsonNode.DeepEquals(one[member], other[member]), $"{one["question"]} {member}: {one[member]} and {other[member]}");
            }
        }
    }

    [Fact]
    public void Change_refuses_all_at_once()
    {
        string before = bench.File("b.csv", "code,q\na,1\nA,2\n,3\n");
        string after = bench.File("a.csv", "id,q\na,1\n");
        Assert.Equal(["id-twice@3:code", "empty@4:code", "column-missing:code"], bench.Refusals("analyse", "change", "--before", before, "--after", after, "--id", "code"));
        Assert.Equal(["column-missing:q"], bench.Refusals("analyse", "change", "--before", bench.File("b.csv", "code,q\na,1\n"), "--after", bench.File("a.csv", "code,r\na,1\n"), "--id", "code"));
        Assert.Equal(["number-too-large@2:q"], bench.Refusals("analyse", "change", "--before", bench.File("b.csv", "code,q\na,1000001\n"), "--after", bench.File("a.csv", "code,q\na,1\n"), "--id", "code"));
        Assert.Equal(["file-missing", "file-missing"], bench.Refusals("analyse", "change", "--before", bench["x"], "--after", bench["y"], "--id", "code"));
        Assert.Equal(["option"], bench.Refusals("analyse", "change", "--before", before, "--after", after, "--id", "code", "--adjust", "none"));
    }

    [Fact]
    public void Tables_that_move_away_from_the_middle_and_grow_alike()
    {
        string before = bench.File("b.csv", "code,q,far,table\na,3,1,9\nb,5,2,9\nc,1,3,9\nd,3,4,9\ne,3,5,9\nf,2,5,9\n");
        string after = bench.File("a.csv", "code,q,far,table\na,5,1,east\nb,5,2,east\nc,3,3,west\nd,3,4,west\ne,3,9,\nf,2,5,north\n");
        string[] call = ["analyse", "change", "--before", before, "--after", after, "--id", "code", "--table", "Table", "--scale", "1,5"];
        JsonObject answer = bench.Json(call).Answer;
        Assert.Equal(["far", "q"], answer["questions"]!.AsArray().Select(question => (string)question!["question"]!));
        Assert.Null(answer["questions"]![0]!["tables"]);
        JsonNode tables = answer["questions"]![1]!["tables"]!;
        // East: mean 4 to 5, deviation √2 to 0; west: mean 2 to 3, the middle, deviation √2 to 0; north: one person who stays.
        Assert.Equal((3.0, 1, 1, 2, 0, 1), ((double)tables["middle"]!, (int)tables["away"]!, (int)tables["towards"]!, (int)tables["narrower"]!, (int)tables["wider"]!, (int)tables["withoutTable"]!));
        Assert.Equal(["east 2 1", "north 1 0", "west 2 -1"], tables["tables"]!.AsArray().Select(table => $"{table!["table"]} {table["people"]} {table["extremity"]}"));
        Assert.Equal(-Math.Sqrt(2), (double)tables["meanSpread"]!, 12);
        Assert.Equal(0, (double)tables["meanExtremity"]!);
        Assert.Contains("of 3 tables 1 moved away from the middle 3 and 1 towards it, 2 grew alike and 0 apart", bench.Run(call).Output, StringComparison.Ordinal);
        Assert.Equal(["option-needs:--table"], bench.Refusals(call[..10]));
        Assert.Equal(["option-needs:--scale"], bench.Refusals([.. call[..8], "--scale", "1,5"]));
        Assert.All((string[])["5,1", "1", "low,high", "1,1000001"], scale => Assert.Equal(["option-value:--scale"], bench.Refusals([.. call[..10], "--scale", scale])));
        Assert.Equal(["column-missing:seat"], bench.Refusals([.. call[..9], "seat", "--scale", "1,5"]));
    }

    [Fact]
    public void Coders_agree_by_the_level_of_their_values()
    {
        // Krippendorff's own example of four coders and twelve units.
        string[][] coders = [["1", "2", "3", "3", "2", "1", "4", "1", "2", "", "", ""], ["1", "2", "3", "3", "2", "2", "4", "1", "2", "5", "", "3"], ["", "3", "3", "3", "2", "3", "4", "2", "2", "5", "1", "NA"], ["1", "2", "3", "3", "2", "4", "4", "1", "2", "5", "1", ""]];
        string rows = string.Concat(coders.SelectMany((values, coder) => values.Select((value, unit) => $"u{unit},c{coder},{value},x\n")));
        string codes = bench.File("k.csv", "unit,coder,respect,same\n" + rows);
        foreach ((string level, double alpha) in new[] { ("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797) })
        {
            string file = level == "nominal" ? codes : bench.File("l.csv", "coder,unit,respect\n" + string.Concat(rows.TrimEnd().Split('\n').Reverse().Select(row => row.Split(',') is var cells ? $"{cells[1]},{cells[0]},{cells[2]}\n" : "")));
            (int code, JsonObject answer) = bench.Json("analyse", "agreement", "--codes", file, "--level", level);
            JsonNode respect = answer["variables"]![0]!;
            Assert.Equal((0, level, 4, 12, alpha), (code, (string?)answer["level"], (int)answer["coders"]!, (int)answer["units"]!, Math.Round((double)respect["alpha"]!, 3)));
            Assert.Equal((11, 40, 1), ((int)respect["units"]!, (int)respect["values"]!, (int)respect["dropped"]!));
        }

        JsonNode same = bench.Json("analyse", "agreement", "--codes", codes).Answer["variables"]![1]!;
        Assert.Null(same["alpha"]);
        Assert.Contains("respect: 0.7434; 40 values in 11 units, 1 units left out.", bench.Run("analyse", "agreement", "--codes", codes).Output, StringComparison.Ordinal);
        Assert.Contains("same: nothing to compare, or all values equal", bench.Run("analyse", "agreement", "--codes", codes).Output, StringComparison.Ordinal);
        Assert.Equal(["value-twice@4:unit", "empty@5:coder", "not-a-number@3:v", "number-outside@2:v"], bench.Refusals("analyse", "agreement", "--level", "ratio", "--codes", bench.File("m.csv", "unit,coder,v\nu,a,-1\nu,b,x\nU,A,1\nu,,1\n")));
        Assert.Equal(["column-missing:coder", "too-few-columns:(each variable)"], bench.Refusals("analyse", "agreement", "--codes", bench.File("n.csv", "unit\nu\n")));
        Assert.Equal(["option"], bench.Refusals("analyse", "agreement", "--codes", codes, "--level", "guess"));
        Assert.Equal(["file-missing"], bench.Refusals("analyse", "agreement", "--codes", bench["none.csv"]));
    }

    [Fact]
    public void Speaking_time_by_table()
    {
        // 120, 300, 90, 240, 60 and 390 s: a third by Gini, 0.736648 by Jain (design/statistics.md 5.9).
        string turns = bench.File("t.csv", "table,member,seconds,group\n1,a,100,woman\n1,a,20,woman\n1,b,300,man\n1,c,90,woman\n1,d,240,man\n1,e,60,woman\n1,f,390,\n2,a,,woman\n2,b,0,man\n");
        (int code, JsonObject answer) = bench.Json("analyse", "speaking", "--turns", turns);
        JsonNode one = answer["tables"]![0]!, two = answer["tables"]![1]!;
        Assert.Equal((0, 6, 7, 1200, 390), (code, (int)one["people"]!, (int)one["turns"]!, (int)one["seconds"]!, (int)one["longestTurn"]!));
        Assert.Equal([0.333333, 0.736648, 0.897472, 1.95], ((string[])["gini", "jain", "evenness", "mostToFair"]).Select(name => Math.Round((double)one[name]!, 6)));
        Assert.Equal(["man 2 2 0.45", "woman 3 4 0.225"], one["groups"]!.AsArray().Select(group => $"{group!["group"]} {group["people"]} {group["turns"]} {group["shareOfTime"]}"));
        Assert.Null(two["gini"]);
        Assert.Equal(["a", "b"], two["silent"]!.AsArray().Select(member => (string)member!));
        string said = bench.Run("analyse", "speaking", "--turns", turns).Output;
        Assert.Contains("1: 6 people, 7 turns, 1200 s, the longest 390 s; Gini 0.333", said, StringComparison.Ordinal);
        Assert.Contains("nobody spoke; silent: a, b.", said, StringComparison.Ordinal);
        string[] lines = File.ReadAllText(turns).TrimEnd().Split('\n');
        Assert.Equal(bench.Run("analyse", "speaking", "--turns", turns, "--json").Output, bench.Run("analyse", "speaking", "--turns", bench.File("u.csv", string.Join('\n', Mixed(lines, seed: 2))), "--json").Output);
        Assert.Null(bench.Json("analyse", "speaking", "--turns", bench.File("v.csv", "member,seconds\na,1\n")).Answer["tables"]![0]!["table"]);
        Assert.Equal(
            ["not-one-of@3:group", "number-outside@3:seconds", "empty@4:member", "number-outside@4:seconds", "empty@5:table"],
            bench.Refusals("analyse", "speaking", "--turns", bench.File("w.csv", "table,member,seconds,group\n1,a,1,x\n1,a,1.5,y\n1,,86401,x\n,b,1,x\n")));
        Assert.Equal(["column-missing:member", "column-missing:seconds"], bench.Refusals("analyse", "speaking", "--turns", bench.File("x.csv", "who,long\na,1\n")));
    }

    [Fact]
    public void Few_people_are_counted_and_not_tested()
    {
        JsonNode found = Assert.Single(bench.Json(
            "analyse", "change", "--before", bench.File("b.csv", "code,q\na,1\nb,2\nc,3\n"), "--after", bench.File("a.csv", "code,q\na,2\nb,2\nc,2.0\n"), "--id", "code").Answer["questions"]!.AsArray())!;
        Assert.Equal(("fewer-than-10-pairs", 2, 3), ((string?)found["notTested"], (int)found["changed"]!, (int)found["pairs"]!));
        Assert.Empty(found["tests"]!.AsArray());
        Assert.Null(found["pValue"]);
    }

    [Fact]
    public void Convergence_of_three_countries()
    {
        string counts = bench.File("c.csv", Counts());
        (int code, JsonObject answer) = bench.Json("analyse", "convergence", "--counts", counts);
        Assert.Equal(0, code);
        JsonNode[] questions = [.. answer["questions"]!.AsArray().Select(question => question!)];
        Assert.Equal(["alone", "energy", "nobody"], questions.Select(question => (string)question["question"]!));
        JsonNode energy = questions[1];
        Assert.Equal((3, 300, 4), ((int)energy["sites"]!, (int)energy["answers"]!, (int)energy["degrees"]!));
        Assert.Equal(0.7333, (double)energy["convergence"]!, 4);
        Assert.Equal(300, (double)energy["effective"]!, 9);
        Assert.Null(questions[2]["effective"]);
        Assert.Equal(0.130252, (double)energy["jensenShannon"]!, 6);
        Assert.Equal(52.5, (double)energy["chiSquared"]!, 9);
        Assert.Equal(0.295804, (double)energy["cramerV"]!, 6);
        Assert.Equal(2.0 / 3, (double)energy["sameMajority"]!, 12);
        Assert.Equal(["C"], energy["exceptions"]!.AsArray().Select(site => (string)site!));
        Assert.Equal(["D"], energy["droppedSites"]!.AsArray().Select(site => (string)site!));
        Assert.Equal((double)energy["pValue"]!, (double)energy["adjustedPValue"]!);
        Assert.Null(questions[0]["pValue"]);
        Assert.Null(questions[2]["convergence"]);
        Assert.All(questions, question => Assert.Null(question["agreement"]));
        Assert.All(energy["options"]!.AsArray(), option => Assert.True((double)option!["pooledInterval"]![0]! <= (double)option["pooled"]! && (double)option["pooled"]! <= (double)option["pooledInterval"]![1]!));
    }

    [Fact]
    public void Steps_of_a_scale_give_agreement_and_polarisation()
    {
        // Over both sites 10, 20, 30, 15, 4: van der Eijk's A is 0.3924 (design/statistics.md 5.5). Nobody named the second question's options as steps.
        string counts = bench.File("s.csv", "site,question,option,count\nA,q,no,6\nB,q,no,4\nA,q,rather no,20\nA,q,half,10\nB,q,half,20\nB,q,Rather yes,15\nB,q,yes,4\nA,r,sun,5\nB,r,wind,5\n");
        JsonObject found = bench.Json("analyse", "convergence", "--counts", counts, "--scale", "no,rather no,half,rather yes,yes").Answer;
        JsonNode q = found["questions"]![0]!, r = found["questions"]![1]!;
        Assert.Equal(0.3924051, (double)q["agreement"]!, 7);
        Assert.Equal(Polyphony.Statistics.Agreement.AnswerPolarisation.EstebanRay([10, 20, 30, 15, 4])!.Value, (double)q["polarisation"]!, 12);
        Assert.Null(r["agreement"]);
        Assert.Equal([0, 1], r["options"]![0]!["sitesEqualInterval"]!.AsArray().Select(bound => (double)bound!));
        Assert.Contains("agreement 0.392", bench.Run("analyse", "convergence", "--counts", counts, "--scale", "no,rather no,half,rather yes,yes").Output, StringComparison.Ordinal);
        string one = bench.Run("analyse", "convergence", "--counts", counts, "--seed", "01", "--json").Output;
        Assert.Equal(one, bench.Run("analyse", "convergence", "--counts", counts, "--seed", "01", "--json").Output);
        Assert.Equal(["option-value:--seed", "option-value:--scale"], bench.Refusals("analyse", "convergence", "--counts", counts, "--seed", "x", "--scale", "no,No,yes"));
    }

    [Fact]
    public void Convergence_does_not_depend_on_order_or_names()
    {
        string[] lines = Counts().TrimEnd().Split('\n');
        string first = bench.Run("analyse", "convergence", "--counts", bench.File("a.csv", string.Join('\n', lines)), "--json").Output;
        Assert.Equal(first, bench.Run("analyse", "convergence", "--counts", bench.File("b.csv", string.Join('\n', Mixed(lines, seed: 5))), "--json").Output);
        // New names put sites and options in another order; the figures stay.
        string renamed = bench.File("c.csv", string.Join('\n', lines).Replace("A,", "Z,", StringComparison.Ordinal).Replace(",sun,", ",atom,", StringComparison.Ordinal));
        JsonNode one = JsonNode.Parse(first)!["questions"]![1]!, other = bench.Json("analyse", "convergence", "--counts", renamed).Answer["questions"]![1]!;
        foreach (string member in new[] { "convergence", "jensenShannon", "chiSquared", "pValue", "cramerV", "sameMajority", "leastExpected" })
        {
            Assert.True(JsonNode.DeepEquals(one[member], other[member]), member);
        }
    }

    [Fact]
    public void Convergence_refuses_all_at_once() => Assert.Equal(
        ["not-a-whole-number@2:count", "empty@3:site", "value-twice@5:option"],
        bench.Refusals("analyse", "convergence", "--counts", bench.File("c.csv", "site,question,option,count\nA,q,x,-1\n,q,x,1\nB,q,x,1\nB,q,x,2\n")));

    [Fact]
    public void Sentences_stand_in_for_json()
    {
        (int code, string output, string error) = bench.Run("analyse", "convergence", "--counts", bench.File("c.csv", Counts()));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("energy: 3 sites, 300 answers; convergence 0.733", output, StringComparison.Ordinal);
        Assert.Contains("index 0.3927 before, 0.6350 after", bench.Run("analyse", "reason", "--data", RealCases).Output, StringComparison.Ordinal);
        (string before, string after) = ChangeFiles();
        Assert.Contains("favour: 14 of 40 changed", bench.Run("analyse", "change", "--before", before, "--after", after, "--id", "code").Output, StringComparison.Ordinal);
    }

    private static string RealCases => Repository.PathOf("tests", "vectors", "statistics", "deliberative-reason.csv");

    private static IEnumerable<JsonNode> Expected() =>
        JsonNode.Parse(File.ReadAllText(Repository.PathOf("tests", "vectors", "statistics", "expected-values.json")))!["dri"]!["cases"]!.AsArray().Select(node => node!);

    private static string Counts() =>
        "site,question,option,count\nA,energy,sun,60\nA,energy,wind,30\nA,energy,coal,10\nB,energy,sun,50\nB,energy,wind,30\nB,energy,coal,20\nC,energy,sun,20\nC,energy,wind,30\nC,energy,coal,50\nD,energy,sun,0\nA,alone,yes,9\nA,nobody,yes,0\nB,nobody,yes,0\n";

    private (string Before, string After) ChangeFiles()
    {
        List<string> before = ["code,favour,trust,colour,same", "x,yes,1,red,1"];
        List<string> after = ["same,later,colour,trust,favour,code", "1,1,red,1,yes,y", "1,1,red,1,yes,z"];
        for (int i = 0; i < 40; i++)
        {
            bool joins = i < 12, leaves = i is 12 or 13;
            string colour = (i % 3) switch { 0 => "red", 1 => "green", _ => "blue" };
            before.Add($"p{i},{(joins ? "no" : "yes")},{(i % 10 == 0 ? i % 20 == 0 ? "NaN" : "NA" : (i % 5) + 1)},{colour},3");
            after.Add(string.Create(CultureInfo.InvariantCulture, $"3.0,1,{(i % 4 == 0 ? "red" : colour)},{Math.Min(7, (i % 5) + 1 + (i % 3 == 0 ? -1 : 2))},{(leaves ? "no" : "yes")}, P{i} "));
        }

        return (bench.File("before.csv", string.Join('\n', before)), bench.File("after.csv", string.Join('\n', after)));
    }

    /// <summary>Rows and columns in another order.</summary>
    private static string[] Mixed(string[] lines, int seed)
    {
        Random random = new(seed);
        int[] columns = [.. Enumerable.Range(0, lines[0].Split(',').Length).OrderBy(_ => random.Next())];
        string Line(string line) => string.Join(',', columns.Select(column => line.Split(',')[column]));
        return [Line(lines[0]), .. lines.Skip(1).OrderBy(_ => random.Next()).Select(Line)];
    }
}
