using System.Globalization;
using System.Text.Json.Nodes;
using Polyphony.Sheets;
using Polyphony.Sortition.Invitations;

namespace Polyphony.Tests.Cli;

/// <summary>A batch of letters is sent, some are answered, and the next batch goes by that.</summary>
public sealed class FollowingResponses : IDisposable
{
    private const string First = "drand: 8d61d9100567de44682506aea1a7a6fa6e5491cd27a0a0ed349ef6910ac5ac20";
    private const string Second = "drand: ff7bc3e09d7c046566c9f7f3c6f3b10104990e7cb424998203d8f7de586fb7fa";

    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void The_next_batch_writes_more_to_those_who_answer_less_and_to_no_home_twice()
    {
        string register = Register();
        Invite(register, "one", 200, First);

        // Of the younger one in twenty answers, of the older one in four; one answers twice.
        SentLetterRow[] sent = Letters("one");
        string[] answered = [.. sent.GroupBy(letter => letter.Age).SelectMany(group => group.Where((_, i) => i % (group.Key == "+65" ? 4 : 20) == 0)).Select(letter => letter.Code)];
        string responses = bench.File("answered.csv", "code\n" + string.Join('\n', [.. answered, answered[0]]) + "\n");
        (int code, JsonObject answer) = bench.Json("invite", "responses", "--invited", bench["one"], "--responses", responses, "--out", bench["answers"]);
        Assert.Equal(0, code);
        Assert.Equal((200, answered.Length, 1), ((int)answer["invited"]!, (int)answer["responded"]!, (int)answer["repeated"]!));
        Assert.Equal(["age"], answer["criteria"]!.AsArray().Select(name => (string)name!));

        Sheet rates = bench.Table("answers/rates.csv");
        Assert.Equal(["'+65", "16-64"], rates.Rows.Select(row => row[0]));
        foreach (SheetRow row in rates.Rows)
        {
            string age = CsvWriter.Unescape(row[0]);
            int invited = sent.Count(letter => letter.Age == age);
            int responded = sent.Count(letter => letter.Age == age && answered.Contains(letter.Code));
            Assert.Equal([Text(invited), Text(responded)], [row[rates.Find("invited")], row[rates.Find("responded")]]);

            // Computed a second time, in another way: the stratum's answers and 20 letters at the overall rate.
            double expected = (responded + (20.0 * answered.Length / 200)) / (invited + 20);
            Assert.Equal(expected, double.Parse(row[rates.Find("expected")], CultureInfo.InvariantCulture), 0.00005001);
            Assert.Equal(answered.Length / 200.0 / expected, double.Parse(row[rates.Find("factor")], CultureInfo.InvariantCulture), 0.00050001);
        }

        Invite(register, "two", 100, Second, "--responses", bench["answers/responses.csv"], "--exclude", bench["answers/invited.csv"]);
        Sheet strata = bench.Table("two/strata.csv");
        Assert.Equal(rates.Rows.Select(row => row[rates.Find("factor")]), strata.Rows.Select(row => row[strata.Find("factor")]));
        int Planned(string age) => int.Parse(strata.Rows.Single(row => CsvWriter.Unescape(row[0]) == age)[strata.Find("planned")], CultureInfo.InvariantCulture);
        double share = Planned("16-64") / 100.0;
        Assert.True(share > 0.75, "two thirds of the register are younger, and they answer less");

        SentLetterRow[] next = Letters("two");
        Assert.Empty(sent.Select(letter => letter.Id).Intersect(next.Select(letter => letter.Id)));
        Assert.Empty(sent.Select(letter => letter.Street).Where(street => street.Length > 0).Intersect(next.Select(letter => letter.Street)));
        Assert.Equal(0, bench.Run("invite", "verify", bench["two"], "--register", register, "--exclude", bench["answers/invited.csv"]).Code);

        // Both batches together, with the answers of both, for a third one.
        string both = bench.File("both.csv", string.Join('\n', answered.Append(next[0].Code)) + "\n");
        (code, answer) = bench.Json("invite", "responses", "--invited", bench["one"], bench["two"], "--responses", both, "--out", bench["more"]);
        Assert.Equal(0, code);
        Assert.Equal([("one", 200, answered.Length), ("two", 100, 1)], answer["batches"]!.AsArray().Select(batch => ((string)batch!["batch"]!, (int)batch["invited"]!, (int)batch["responded"]!)));
        Sheet counts = bench.Table("more/responses.csv");
        Assert.Equal(["batch", "age", "invited", "responded", "rate"], counts.Headers);
        Assert.Equal(["one '+65", "one 16-64", "two '+65", "two 16-64"], counts.Rows.Select(row => $"{row[0]} {row[1]}"));
        Assert.Equal(300, counts.Rows.Sum(row => int.Parse(row[2], CultureInfo.InvariantCulture)));
        Assert.Equal(300, bench.Table("more/invited.csv").Rows.Select(row => row[0]).Distinct().Count());
    }

    [Fact]
    public void Strata_are_those_of_the_batch_or_any_columns_of_the_register()
    {
        Invite(Register(), "one", 60, First);
        string none = bench.File("none.csv", "code\n");
        (int code, JsonObject answer) = bench.Json("invite", "responses", "--invited", bench["one"], "--responses", none, "--strata", "gender,age", "--out", bench["answers"]);
        Assert.Equal(0, code);
        Assert.Equal(["man/+65", "man/16-64", "woman/+65", "woman/16-64"], answer["strata"]!.AsArray().Select(stratum => string.Join('/', stratum!["values"]!.AsArray().Select(value => (string)value!))));

        // Where nobody has answered yet nothing is known.
        Assert.All(answer["strata"]!.AsArray(), stratum => Assert.Equal(1m, (decimal)stratum!["factor"]!));
        Assert.Contains("Nobody has answered", bench.Run("invite", "responses", "--invited", bench["one"], "--responses", none, "--out", bench["again"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_stratum_does_not_say_too_much()
    {
        // 4 of 100 answered. Nobody of two letters, and all of two: neither is taken at its word.
        Assert.Equal([0.0364m, 0.1273m], [ResponseFactor.Expected((2, 0), 100, 4), ResponseFactor.Expected((2, 2), 100, 4)]);

        // Of a thousand letters it is.
        Assert.Equal(0.0988m, ResponseFactor.Expected((1000, 100), 10_000, 400));
        Assert.Equal([1100, 314], ResponseFactor.FromObserved([(2, 0), (2, 2)], 100, 4));
        Assert.Equal(0m, ResponseFactor.Expected((0, 0), 0, 0));
    }

    [Fact]
    public void What_is_wrong_is_told_with_its_row_and_nothing_is_written()
    {
        Invite(Register(), "one", 20, First);
        string code = Letters("one")[0].Code;
        string[] command = ["invite", "responses", "--out", bench["answers"], "--invited", bench["one"], "--responses"];
        Assert.Equal(["code-unknown@3:code", "empty@4:code"], bench.Refusals([.. command, bench.File("unknown.csv", $"code,day\n{code},1\nAAAAAAAAAAAAAAAAAAAAAA,2\n,3\n")]));
        Assert.Equal(["column-missing@1:code"], bench.Refusals([.. command, bench.File("columns.csv", "kode,day\nx,1\n")]));
        Assert.Equal(["code-unknown@1:code"], bench.Refusals([.. command, bench.File("headless.csv", $"AAAAAAAAAAAAAAAAAAAAAA\n{code}\n")]));
        Assert.Equal(["file-missing"], bench.Refusals([.. command, bench["missing.csv"]]));

        // A code is a secret: no message repeats it.
        (_, _, string error) = bench.Run([.. command, bench.File("secret.csv", "code\nSecretSecretSecretSec1\n")]);
        Assert.Contains("row 2, column code: This is the code of none of the letters.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("SecretSecret", error, StringComparison.Ordinal);
        string answered = bench.File("answered.csv", code + "\n");
        string[] rest = ["--responses", answered, "--out", bench["answers"]];
        Assert.Equal(["file-missing"], bench.Refusals(["invite", "responses", "--invited", bench["nowhere"], .. rest]));
        Assert.Equal(["file-missing"], bench.Refusals(["invite", "responses", "--invited", bench["one"], bench["nowhere"], .. rest]));
        Assert.Equal(["column-missing@1:register: income"], bench.Refusals(["invite", "responses", "--invited", bench["one"], "--strata", "income", .. rest]));
        Assert.All(bench.Refusals(["invite", "responses", "--invited", bench["one"], bench["one"], .. rest]), problem => Assert.StartsWith("code-twice@", problem, StringComparison.Ordinal));
        string manifest = Path.Combine(bench["one"], "manifest.json");
        File.WriteAllText(manifest, "{}");
        Assert.Equal(["option-needs:responses"], bench.Refusals(["invite", "responses", "--invited", bench["one"], .. rest]));
        File.WriteAllText(manifest, "{");
        Assert.Equal(["file-unreadable"], bench.Refusals(["invite", "responses", "--invited", bench["one"], .. rest]));
        Assert.Equal(0, bench.Run(["invite", "responses", "--invited", bench["one"], "--strata", "age", .. rest]).Code);
        Assert.Equal(["stands-already:--out", "stands-already:--out", "stands-already:--out"], bench.Refusals(["invite", "responses", "--invited", bench["one"], "--strata", "age", .. rest]));
    }

    private string Register() => bench.File("register.csv", "id,age,gender,street\n" + string.Concat(Enumerable.Range(0, 900).Select(i => $"P{i:0000},{(i % 3 == 0 ? "+65" : "16-64")},{(i % 2 == 0 ? "woman" : "man")},{(i % 7 == 0 ? "" : $"Street {i / 2}")}\n")));

    private void Invite(string register, string name, int count, string randomness, params string[] more) =>
        Assert.Equal(0, bench.Run(["invite", "--register", register, "--strata", "age", "--household", "street", "--count", Text(count), "--randomness", randomness, "--out", bench[name], .. more]).Code);

    private SentLetterRow[] Letters(string name)
    {
        Sheet letters = bench.Table(name + "/letters.csv");
        string At(SheetRow row, string column) => CsvWriter.Unescape(row[letters.Find(column)]);
        return [.. letters.Rows.Select(row => new SentLetterRow(At(row, "id"), At(row, "code"), At(row, "register: age"), At(row, "register: street")))];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record SentLetterRow(string Id, string Code, string Age, string Street);
}
