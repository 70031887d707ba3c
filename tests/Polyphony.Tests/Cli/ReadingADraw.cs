using Polyphony.Cli.Draw;
using Polyphony.Sheets;
using Polyphony.Sortition;

namespace Polyphony.Tests.Cli;

public sealed class ReadingADraw : IDisposable
{
    private const string Quotas = "feature,value,min,max\nage,16-29,1,2\nage,30+,1,2\ngender,woman,1,2\ngender,man,1,2\n";

    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("feature,value,min,max,min_flex,max_flex\nage,young,1,2,0,3\n")]
    [InlineData("category,name,min,max,max_flex,min_flex\nage,young,1,2,3,0\n")]
    [InlineData("Category;Feature;Min;Max;Min_Flex;Max_Flex\nAGE; Young ;1;2;0;3\n")]
    public void Every_dialect_of_quotas_is_read(string quotas)
    {
        DrawInput input = Read("age\nYOUNG\nyoung\n", quotas, 2);
        Quota quota = Assert.Single(Assert.Single(input.Pool.Criteria).Quotas);
        Assert.Equal((1, 2, 0, 3), (quota.Min, quota.Max, quota.MinFlex!.Value, quota.MaxFlex!.Value));
        Assert.All(input.Pool.People, person => Assert.Equal([0], person.Values));
    }

    [Fact]
    public void The_id_is_the_option_else_a_column_id_else_the_number_of_the_data_row()
    {
        const string people = "key,ID,age,gender\nk1,a,16-29,woman\n\nk2,b,30+,man\n";
        Assert.Equal(["k1", "k2"], Read(people, Quotas, 2, id: "key").Ids);
        Assert.Equal(["a", "b"], Read(people, Quotas, 2).Ids);
        DrawInput numbered = Read(people.Replace("ID", "nr", StringComparison.Ordinal), Quotas, 2);
        Assert.Equal(["1", "2"], numbered.Ids);
        Assert.Equal([2, 4], numbered.Rows);
    }

    [Fact]
    public void Household_columns_compare_as_one_and_blank_ones_are_nobodys()
    {
        DrawInput input = Read("age,gender,street,zip\n30+,man,Rue  A,1\n30+,man, rue a,1\n30+,man,Rue A,2\n30+,man,,\n30+,man,,\n", Quotas, 2, ["street", "zip"]);
        string?[] homes = [.. input.Pool.People.Select(person => person.Household)];
        Assert.Equal(homes[0], homes[1]);
        Assert.NotEqual(homes[0], homes[2]);
        Assert.Equal([null, null], homes[3..]);
    }

    [Fact]
    public void Joint_quotas_become_a_criterion_whose_other_pairs_are_free()
    {
        DrawInput input = Read("age,gender\n16-29,Woman\n16-29,man\n30+,woman\n30+,man\n", Quotas + "age*gender,16-29 * WOMAN,1,1\nAge*Gender,30+*woman,0,1\n", 2);
        QuotaSet joint = input.Pool.Criteria[2];
        Assert.Equal(["16-29 * WOMAN 1 1", "30+*woman 0 1", $"{JointQuota.RestNames[0]} 0 2"], joint.Quotas.Select(quota => $"{quota.Value} {quota.Min} {quota.Max}"));
        Assert.Equal([0, 2, 1, 2], input.Pool.People.Select(person => person.Values[2]));
        Assert.True(input.Pool.IsPanel([0, 3]));
        Assert.False(input.Pool.IsPanel([1, 2]));
    }

    [Fact]
    public void A_joint_quota_may_use_columns_without_quotas_of_their_own()
    {
        DrawInput input = Read("age,gender,town\n16-29,woman,A\n30+,man,B\n", Quotas + "gender*town,man*b,1,1\n", 2);
        Assert.Equal([1, 0], input.Pool.People.Select(person => person.Values[2]));
    }

    [Fact]
    public void A_column_with_a_star_is_an_ordinary_criterion()
    {
        DrawInput input = Read("a*b\nx*y\nz\n", "feature,value,min,max\na*b,x*y,0,2\na*b,z,0,2\n", 2);
        Assert.Equal([[0], [1]], input.Pool.People.Select(person => person.Values));
    }

    [Fact]
    public void Every_problem_of_both_files_is_told_at_once() => Assert.Equal(
        ["quotas.csv@2:min min-above-max", "quotas.csv@3:max not-a-whole-number", "pool.csv@2:gender unknown-value", "pool.csv@3:id id-twice", "pool.csv@3:age empty", "quotas.csv@5:value joint-parts", "quotas.csv@6:value unknown-value"],
        Problems("id,age,gender\n1,young,wman\n1,,man\n", "feature,value,min,max\nage,young,3,2\ngender,man,1,x\nage,old,0,1\nage*gender,youngman,1,1\nage*gender,young*mann,0,1\n", 1));

    [Fact]
    public void More_than_two_hundred_problems_are_told_too() =>
        Assert.Equal(500, Problems("age\n" + string.Concat(Enumerable.Repeat("x\n", 500)), "feature,value,min,max\nage,young,0,1\n", 1).Length);

    [Fact]
    public void Missing_files_are_told_together() =>
        Assert.Equal(["file-missing", "file-missing"], Assert.IsType<DrawInputReading.Refused>(DrawInput.From(bench["a"], bench["b"], 1, [], null)).Problems.Select(problem => problem.Code));

    [Fact]
    public void A_pool_below_the_size_is_refused() =>
        Assert.Equal(["pool.csv@: pool-too-small"], Problems("age\nyoung\n", "feature,value,min,max\nage,young,0,9\n", 2));

    [Fact]
    public void Lists_of_ids_have_a_header_or_one_column()
    {
        List<SheetProblem> problems = [];
        Assert.Equal([1, 0], IdList.Read(bench.File("a.csv", "name,ID\nx,B\ny,a\nz,b\n"), null, ["a", "b", "c"], problems));
        Assert.Equal([2, 0], IdList.Read(bench.File("b.csv", "c\na\n"), null, ["a", "b", "c"], problems));
        Assert.Empty(problems);
        IdList.Read(bench.File("c.csv", "id\na\nd\n"), null, ["a", "b", "c"], problems);
        Assert.Equal(("id-unknown", 3), (Assert.Single(problems).Code, problems[0].Row!.Value));
    }

    [Fact]
    public void The_order_of_rows_changes_no_ticket()
    {
        Dictionary<string, string> first = Tickets("id,age,gender\na,30+,man\nb,30+,man\n");
        Assert.Equal(first, Tickets("gender,id,age\nman,b,30+\nman,a,30+\n"));
    }

    [Fact]
    public void Tickets_of_the_pool_are_taken_unless_their_column_is_a_criterion()
    {
        string a = new('A', 32), b = new('7', 32), nonce = new('c', 64);
        DrawInput input = Read($"id,age,gender,Ticket,nonce\na,30+,man,{a},{nonce}\n\nb,30+,man,{b},{nonce}\n", Quotas, 2);
        Assert.Equal([new string('a', 32), b], input.Tickets);
        Assert.Equal([nonce, nonce], input.Nonces!);
        Assert.True(input.HasTickets);
        DrawInput criterion = Read("id,ticket\na,day\nb,week\n", "feature,value,min,max\nticket,day,0,2\nticket,week,0,2\n", 2);
        Assert.Equal([DrawInput.TicketOf("a"), DrawInput.TicketOf("b")], criterion.Tickets);
        Assert.False(criterion.HasTickets);
    }

    [Fact]
    public void Every_ticket_that_is_none_or_stands_there_twice_is_told()
    {
        string good = new('a', 32);
        Assert.Equal(
            ["pool.csv@2:ticket empty", "pool.csv@3:ticket not-hexadecimal", "pool.csv@4:ticket not-hexadecimal", "pool.csv@5:ticket not-hexadecimal", "pool.csv@3:nonce not-hexadecimal"],
            Problems($"ticket,nonce,age\n,{good}{good},young\n1.2E+31,{good},young\n{good}a,{good}{good},young\n{good[1..]}g,{good}{good},young\n", "feature,value,min,max\nage,young,0,9\n", 1));
        Assert.Equal(["pool.csv@3:ticket ticket-twice"], Problems($"ticket,age\n{good},young\n{good.ToUpperInvariant()},young\n", "feature,value,min,max\nage,young,0,9\n", 1));
    }

    private Dictionary<string, string> Tickets(string people)
    {
        DrawInput input = Read(people, Quotas, 2);
        return new(input.Ids.Zip(input.Pool.People, (id, person) => KeyValuePair.Create(id, person.Ticket)).OrderBy(pair => pair.Key));
    }

    private DrawInput Read(string people, string quotas, int size, string[]? household = null, string? id = null) =>
        DrawInput.From(bench.File("pool.csv", people), bench.File("quotas.csv", quotas), size, household ?? [], id) switch
        {
            DrawInputReading.Read read => read.Input,
            DrawInputReading.Refused refused => throw new Xunit.Sdk.XunitException(string.Join("; ", refused.Problems)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private string[] Problems(string people, string quotas, int size) =>
        [.. Assert.IsType<DrawInputReading.Refused>(DrawInput.From(bench.File("pool.csv", people), bench.File("quotas.csv", quotas), size, [], null)).Problems
            .Select(problem => $"{Path.GetFileName(problem.File)}@{problem.Row}:{problem.Column} {problem.Code}")];
}
