using System.Text;
using Polyphony.Sheets;

namespace Polyphony.Tests.Sheets;

public sealed class ReadingSites
{
    private static readonly string[] Countries = ["FR", "CH"];

    [Fact]
    public void Headers_stand_in_any_order_and_codes_become_capitals()
    {
        SiteReading reading = Sites("Name;planned;CODE;Country;Time zone;remark\nLyon;96.0;fr-1;fr;Europe/Paris;x\nBern;;CH;CH;;\n");
        Assert.Empty(reading.Problems);
        Assert.Equal(new SheetSite(2, "FR-1", "Lyon", "FR", "Europe/Paris", 96, ""), reading.Sites[0]);
        Assert.Equal(new SheetSite(3, "CH", "Bern", "CH", "", 0, ""), reading.Sites[1]);
        Assert.Equal(["remark"], reading.IgnoredColumns);
    }

    [Fact]
    public void Every_problem_is_told_at_once_with_row_and_column()
    {
        SiteReading reading = Sites("code,name,country,time_zone,planned\nF R,Lyon,FR,Europe/Paris,96\n,Bern,XX,Mars/North,1\nCH,,CH,UTC,many\nch,Basel,CH,Europe/Zurich,2001\n");
        Assert.Empty(reading.Sites);
        Assert.Equal(
            [
                ("not-a-code", 2, "code"), ("empty", 3, "code"), ("not-a-country", 3, "country"), ("not-a-time-zone", 3, "time_zone"), ("not-planned", 3, "planned"),
                ("empty", 4, "name"), ("not-a-time-zone", 4, "time_zone"), ("not-planned", 4, "planned"), ("value-twice", 5, "code"), ("not-planned", 5, "planned"),
            ],
            reading.Problems.Select(problem => (problem.Code, problem.Row ?? 0, problem.Column ?? "")));
    }

    [Fact]
    public void Without_its_columns_or_rows_a_file_is_refused()
    {
        Assert.Equal(["code", "name"], Sites("site,place\nFR,Lyon\n").Problems.Select(problem => problem.Column));
        Assert.Equal("no-rows", Sites("code,name\n").Problems.Single().Code);
        Assert.Equal("cell-too-long", Sites("code,name\nFR," + new string('x', 201) + "\n").Problems.Single().Code);
    }

    [Fact]
    public void A_table_of_many_sites_is_parted_and_rows_keep_their_numbers()
    {
        Sheet sheet = Read("id,Site,gender\n1,fr,woman\n2,CH,man\n1,FR,man\n");
        (IReadOnlyList<(string Code, Sheet Sheet)> parts, IReadOnlyList<SheetProblem> problems) = SitedSheet.Part(sheet, Countries);
        Assert.Empty(problems);
        Assert.Equal(["FR", "CH"], parts.Select(part => part.Code));
        Assert.Equal(["id", "gender"], parts[0].Sheet.Headers);
        Assert.Equal([2, 4], parts[0].Sheet.Rows.Select(row => row.Number));
        Assert.Equal(["1", "man"], parts[0].Sheet.Rows[1].Cells);
    }

    [Fact]
    public void Rows_without_a_known_site_are_all_told()
    {
        (_, IReadOnlyList<SheetProblem> problems) = SitedSheet.Part(Read("id,site\n1,DE\n2,\n3,FR\n4,GB\n"), Countries);
        Assert.Equal([("unknown-site", 2, "DE"), ("empty", 3, ""), ("unknown-site", 5, "GB")], problems.Select(problem => (problem.Code, problem.Row ?? 0, problem.Value ?? "")));
        Assert.Equal("column-missing", SitedSheet.Part(Read("id,place\n1,FR\n"), Countries).Problems.Single().Code);
        Assert.Equal("no-rows", SitedSheet.Part(Read("id,site\n"), Countries).Problems.Single().Code);
    }

    private static SiteReading Sites(string text) => SiteSheet.Read(Read(text), Countries.Contains);

    private static Sheet Read(string text) => ((SheetReading.Read)SheetReader.Read("sites.csv", Encoding.UTF8.GetBytes(text))).Sheet;
}
