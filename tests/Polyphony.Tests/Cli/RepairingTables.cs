using System.Text.Json.Nodes;
using Polyphony.Sheets;

namespace Polyphony.Tests.Cli;

public sealed class RepairingTables : IDisposable
{
    private readonly Workbench bench = new();

    public RepairingTables() => Assert.Equal(0, bench.Run(
        "seat", "--people", bench.File("people.csv", string.Join('\n', PlanningTables.People(12))), "--layout", bench.File("tables.csv", "table,seats,facilitator\n1,8,Ann\n2,8,Bo\n3,8,Cy\n"),
        "--rounds", "3", "--mix", "gender,age", "--out", bench["plan"]).Code);

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Absent_people_leave_from_a_round_on_and_the_rest_is_untouched()
    {
        JsonObject answer = Repair("plan", "after", "--absent", bench.File("absent.csv", "id\np03\n"), "--from-round", "2");
        Assert.Equal(2, (int)answer["moves"]!);
        Assert.Equal(Seats("plan").Where(seat => seat.Round == "1" || seat.Id != "p03").Select(seat => (seat.Round, seat.Table, seat.Id)), Seats("after").Select(seat => (seat.Round, seat.Table, seat.Id)));
        Assert.All(bench.Table("after/moves.csv").Rows, row => Assert.Equal("", row[3]));
    }

    [Fact]
    public void When_everybody_leaves_the_rounds_to_come_are_empty()
    {
        string everybody = bench.File("absent.csv", "id\n" + string.Join('\n', Seats("plan").Select(seat => seat.Id).Distinct()) + "\n");
        JsonObject answer = Repair("plan", "after", "--absent", everybody, "--from-round", "2");
        Assert.Equal((24, 0), ((int)answer["moves"]!, (int)answer["repeats"]!));
        Assert.All(Seats("after"), seat => Assert.Equal("1", seat.Round));
    }

    [Fact]
    public void A_plan_whose_inputs_are_not_whole_is_refused()
    {
        foreach (string part in (string[])["people", "rounds", "bounds"])
        {
            JsonObject plan = (JsonObject)JsonNode.Parse(File.ReadAllText(bench["plan/plan.json"]))!;
            ((JsonObject)plan["inputs"]!).Remove(part);
            bench.File("torn.json", plan.ToJsonString());
            Directory.CreateDirectory(bench["torn"]);
            File.Copy(bench["torn.json"], bench["torn/plan.json"], overwrite: true);
            File.Copy(bench["plan/plan.csv"], bench["torn/plan.csv"], overwrite: true);
            Assert.Equal(["file-unreadable"], bench.Refusals("seat", "repair", "--plan", bench["torn"], "--absent", bench.File("absent.csv", "id\np03\n"), "--out", bench["x"]));
        }
    }

    [Fact]
    public void Late_people_get_seats_with_their_values_and_nobody_moves()
    {
        Repair("plan", "without", "--absent", bench.File("absent.csv", "p03\n"));
        JsonObject answer = Repair("without", "after", "--late", bench.File("late.csv", "id,age,gender\np03,,\nnew,old,w\n"), "--from-round", "3");
        Assert.Equal(2, (int)answer["moves"]!);
        Assert.Equal(13, (int)answer["people"]!);
        Assert.Equal(["new 3", "p03 3"], Seats("after").Where(seat => seat.Id is "p03" or "new").Select(seat => $"{seat.Id} {seat.Round}").Order(StringComparer.Ordinal));
        Assert.Equal(Seats("without").Select(seat => (seat.Round, seat.Table, seat.Id)), Seats("after").Where(seat => seat.Id is not ("new" or "p03")).Select(seat => (seat.Round, seat.Table, seat.Id)));
    }

    [Fact]
    public void Rows_and_names_of_late_people_do_not_decide_who_sits_where()
    {
        string[] late = ["n1,old,w", "n2,young,m", "n3,old,m", "n4,young,w", "n5,old,w"];
        Repair("plan", "first", "--late", bench.File("late.csv", "id,age,gender\n" + string.Join('\n', late)));
        Repair("plan", "turned", "--late", bench.File("late.csv", "id,age,gender\n" + string.Join('\n', late.Reverse())));
        Assert.Equal(File.ReadAllText(bench["first/plan.csv"]), File.ReadAllText(bench["turned/plan.csv"]));

        // n1 and n5 are alike in everything, so that only the other names say who is who.
        Repair("plan", "renamed", "--late", bench.File("late.csv", "id,age,gender\n" + string.Join('\n', late.Select(row => "n" + (9 - (row[1] - '0')) + row[2..]))));
        static string Alike(string file) => file.Replace("n5", "n1", StringComparison.Ordinal);
        Assert.Equal(
            Alike(File.ReadAllText(bench["first/plan.csv"])),
            Alike(System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(bench["renamed/plan.csv"]), "n(\\d)", match => $"n{9 - (match.Value[1] - '0')}")));
    }

    [Fact]
    public void What_is_not_understood_of_late_people_is_said_one_by_one()
    {
        string people = bench.File("speakers.csv", "id,speaks,wheels\n" + string.Join('\n', Enumerable.Range(1, 8).Select(i => $"p{i},{(i % 2 == 0 ? "en fr" : "fr")},{(i == 1 ? "yes" : "no")}")));
        Assert.Equal(0, bench.Run("seat", "--people", people, "--tables", "2", "--rounds", "2", "--languages", "speaks", "--access", "wheels", "--out", bench["speaking"]).Code);
        string late = bench.File("late.csv", "id,languages,access\nnew,it fr,perhaps\nother,de es,\nthird,EN,yes\n");
        Assert.Equal(
            ["unknown-value@2:languages", "unknown-value@2:access", "unknown-value@3:languages", "unknown-value@3:languages"],
            bench.Refusals("seat", "repair", "--plan", bench["speaking"], "--late", late, "--out", bench["x"]));
    }

    [Fact]
    public void A_closed_table_and_a_missing_facilitator_are_the_same_to_the_people()
    {
        Repair("plan", "closed", "--closed", "2", "--from-round", "2");
        Repair("plan", "missing", "--missing", "bo", "--from-round", "2");
        Assert.Equal(File.ReadAllText(bench["closed/plan.csv"]), File.ReadAllText(bench["missing/plan.csv"]));
        Assert.DoesNotContain(Seats("closed"), seat => seat.Table == "2" && seat.Round != "1");
        Assert.All(bench.Table("closed/moves.csv").Rows, row => Assert.Equal("2", row[2]));
        Assert.Equal(36, Seats("closed").Length);
    }

    [Fact]
    public void A_repair_is_taken_back_to_the_letter()
    {
        Repair("plan", "after", "--absent", bench.File("absent.csv", "p03\np05\n"));
        Repair("after", "back", "--undo");
        Assert.Equal(File.ReadAllText(bench["plan/plan.csv"]), File.ReadAllText(bench["back/plan.csv"]));
    }

    [Fact]
    public void Bad_input_is_refused_with_everything_that_is_wrong()
    {
        string absent = bench.File("absent.csv", "id\nnobody\n");
        string late = bench.File("late.csv", "id,gender\nnew,q\n,w\n");
        Assert.Equal(
            ["option-value:--from-round", "unknown-value@2:gender", "empty@3:id", "id-unknown@2:id", "option-value:--closed", "option-value:--missing"],
            bench.Refusals("seat", "repair", "--plan", bench["plan"], "--absent", absent, "--late", late, "--closed", "9", "--missing", "Zoe", "--from-round", "4", "--out", bench["x"]));
        Assert.Equal(["option-needs:repair"], bench.Refusals("seat", "repair", "--plan", bench["plan"], "--out", bench["x"]));
        Assert.Equal(["not-both:--undo"], bench.Refusals("seat", "repair", "--plan", bench["plan"], "--undo", "--closed", "1", "--out", bench["x"]));
        Assert.Equal(["option-value:--closed"], bench.Refusals("seat", "repair", "--plan", bench["plan"], "--closed", "1,2,3", "--out", bench["x"]));
        Assert.Equal(["file-missing", "file-missing"], bench.Refusals("seat", "repair", "--plan", bench["nowhere"], "--closed", "1", "--out", bench["x"]));
        File.AppendAllText(bench["plan/plan.csv"], "1,1,9,p01\n7,1,9,p02\n1,9,1,p02\n1,1,1,zz\n");
        Assert.Equal(["seated-twice@38:id", "number-outside@39:round", "number-outside@40:table", "id-unknown@41:id"], bench.Refusals("seat", "repair", "--plan", bench["plan"], "--closed", "1", "--out", bench["x"]));
        File.WriteAllText(bench["plan/plan.json"], "{}");
        Assert.Equal(["file-unreadable"], bench.Refusals("seat", "repair", "--plan", bench["plan"], "--closed", "1", "--out", bench["x"]));
    }

    private JsonObject Repair(string from, string to, params string[] more)
    {
        (int code, JsonObject answer) = bench.Json(["seat", "repair", "--plan", bench[from], "--out", bench[to], .. more]);
        Assert.Equal((0, "repaired"), (code, (string)answer["outcome"]!));
        return answer;
    }

    private (string Round, string Table, string Seat, string Id)[] Seats(string directory)
    {
        Sheet plan = bench.Table(directory + "/plan.csv");
        return [.. plan.Rows.Select(row => (row[0], row[1], row[2], row[3]))];
    }
}
