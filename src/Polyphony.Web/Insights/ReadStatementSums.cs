using System.Collections.Immutable;
using Polyphony.Statistics.Disclosure;
using Polyphony.Statistics.Opinion.Findings;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Publication;
using Polyphony.Web.Statements;

namespace Polyphony.Web.Insights;

/// <summary>Reads released tables of statements by site and by language: where sites, countries and languages agree, where they part, and what each says more than the others.</summary>
/// <remarks>Nothing is used that is not shown: a country is the sum of its sites' shown numbers, and is there only if all of them are.</remarks>
internal static class ReadStatementSums
{
    private const int MostApart = 5;

    /// <summary>What is shown by each kind of group; one whose groups are hidden is there with empty lists, and says so.</summary>
    /// <param name="languages">Those that were counted apart.</param>
    public static IReadOnlyList<StatementsOfGroups> Of(IReadOnlyList<PublishedStatement> statements, IReadOnlyList<Site> sites, IReadOnlyList<string> languages)
    {
        List<StatementsOfGroups> kinds = [];
        if (statements.Count > 0 && sites.Count > 1)
        {
            (ResultTable[] Tables, IReadOnlyList<string> Shown) places = Counted(statements, SessionCounts.BySite, [.. sites.Select(site => site.Code)]);
            Site[] shown = [.. sites.Where(site => places.Shown.Contains(site.Code))];
            string[] hidden = [.. sites.Except(shown).Select(Name)];
            (GroupTallies tallies, ImmutableArray<int> whole) = ReleasedVotes.Reckon(places.Tables, [.. shown.Select(site => site.Code)]);
            kinds.Add(Read("site", [.. shown.Select(Name)], hidden, tallies, statements, whole, (site, index) => RowsOf(places.Tables[index], shown[site].Code)));
            var countries = sites.GroupBy(site => site.Country).Where(country => country.Key.Length > 0 && country.All(shown.Contains)).Select(country => (country.Key, Sites: country.Select(site => Array.IndexOf(shown, site)).ToArray())).ToList();
            if (countries.Count > 1 && countries.Any(country => country.Sites.Length > 1))
            {
                kinds.Add(Read(
                    "country", [.. countries.Select(country => country.Key)], hidden,
                    GroupTallies.Of(
                        [.. countries.Select(country => Enumerable.Range(0, statements.Count).Select(statement => country.Sites.Select(site => tallies[site, statement]).Aggregate((sum, next) => sum + next)).ToArray())],
                        [.. countries.Select(country => country.Sites.Sum(site => tallies.Sizes[site]))]),
                    statements, whole, (country, index) => [.. countries[country].Sites.SelectMany(site => RowsOf(places.Tables[index], shown[site].Code))]));
            }
        }

        if (statements.Count > 0 && languages.Count > 0)
        {
            (ResultTable[] tables, IReadOnlyList<string> shown) = Counted(statements, FixStatementSums.ByLanguage, [.. languages, ""]);
            string[] others = tables.Any(table => table.Groups.Any(row => row.Value == "")) ? [""] : [];
            (GroupTallies tallies, ImmutableArray<int> whole) = ReleasedVotes.Reckon(tables, shown);
            kinds.Add(Read("language", shown, [.. languages.Concat(others).Except(shown)], tallies, statements, whole, (language, index) => RowsOf(tables[index], shown[language])));
        }

        return kinds;
    }

    /// <summary>The tables by one criterion, and those of its groups whose size is shown.</summary>
    private static (ResultTable[] Tables, IReadOnlyList<string> Shown) Counted(IReadOnlyList<PublishedStatement> statements, string criterion, IReadOnlyList<string> groups)
    {
        ResultTable[] tables = [.. statements.Select(statement => statement.Table with { Groups = [.. statement.Table.Groups.Where(row => row.Criterion == criterion)] })];
        return (tables, [.. groups.Where(group => tables.All(table => table.Groups.Any(row => row.Value == group && row.Ballots is ReleasedCell.Rounded)))]);
    }

    private static ResultRow[] RowsOf(ResultTable table, string group) => [.. table.Groups.Where(row => row.Value == group)];

    private static StatementsOfGroups Read(
        string kind, IReadOnlyList<string> names, IReadOnlyList<string> hidden, GroupTallies tallies, IReadOnlyList<PublishedStatement> statements, ImmutableArray<int> whole, Func<int, int, ResultRow[]> rowsOf)
    {
        if (names.Count < 2)
        {
            return new StatementsOfGroups(kind, [], [], [], [], [], hidden, 0);
        }

        int[] order = [.. whole.Where(index => !statements[index].IsAboutPeople)];
        StatementOfGroups Of(int index) => new(statements[index], [.. names.Index().Select(name => ShareOf(name.Item, tallies[name.Index, index], tallies.Sizes[name.Index]))]);
        StatementOfGroups Shown(int index) => whole.Contains(index) ? Of(index) : new(statements[index], [.. names.Index().Select(name => new GroupOnStatement(
            name.Item, ShownShare(rowsOf(name.Index, index), 0, tallies.Sizes[name.Index]), ShownShare(rowsOf(name.Index, index), 1, tallies.Sizes[name.Index]), tallies.Sizes[name.Index]))]);
        Consensus consensus = Consensus.AcrossGroups(tallies, order);
        return new StatementsOfGroups(
            kind,
            [.. Divisive.Of(tallies, order, MostApart).Select(said => Of(said.Statement))],
            [.. consensus.Agree.Select(said => Of(said.Statement))],
            [.. consensus.Disagree.Select(said => Of(said.Statement))],
            [.. names.Index().Select(name => (name.Item, (IReadOnlyList<(PublishedStatement, bool)>)[.. Representative.Of(tallies, name.Index, order).Where(said => said.RatioTest > Representative.Z90).Select(said => (statements[said.Statement], said.Side == Side.Agree))])).Where(group => group.Item2.Count > 0)],
            [.. Enumerable.Range(0, statements.Count).Select(Shown).Where(statement => statement.Groups.Any(group => group.Agree is not null || group.Disagree is not null))],
            hidden,
            statements.Count - whole.Length);
    }

    /// <summary>Of a row of which something is hidden only what reads as a number: what the rest leaves over is not known there.</summary>
    private static double? ShownShare(ResultRow[] rows, int answer, int people) =>
        people > 0 && rows.All(row => row.Options[answer].Count is ReleasedCell.Rounded) ? Math.Min(1, (double)rows.Sum(row => ((ReleasedCell.Rounded)row.Options[answer].Count).Value) / people) : null;

    private static GroupOnStatement ShareOf(string name, StatementTally tally, int people) =>
        new(name, people == 0 ? 0 : Math.Min(1, (double)tally.Agrees / people), people == 0 ? 0 : Math.Min(1, (double)tally.Disagrees / people), people);

    private static string Name(Site site) => site.Name.Length > 0 ? site.Name : site.Code;
}

/// <summary>Statements by sites, by countries where they have several sites, or by languages.</summary>
/// <param name="Kind"><c>site</c>, <c>country</c> or <c>language</c>; a language is named by its code, and the others together by none.</param>
/// <param name="Apart">On which they part, the widest first.</param>
/// <param name="Together">With which all agree.</param>
/// <param name="Rejected">With which all disagree.</param>
/// <param name="Says">Per group what it says more than the others.</param>
/// <param name="All">Every statement of which a number is shown; none where fewer than two groups can be shown.</param>
/// <param name="Hidden">Sites or languages that are not shown.</param>
/// <param name="Left">Statements of which some group's number is not shown: they are on no list.</param>
public sealed record StatementsOfGroups(
    string Kind, IReadOnlyList<StatementOfGroups> Apart, IReadOnlyList<StatementOfGroups> Together, IReadOnlyList<StatementOfGroups> Rejected,
    IReadOnlyList<(string Name, IReadOnlyList<(PublishedStatement Statement, bool Agrees)> Says)> Says, IReadOnlyList<StatementOfGroups> All, IReadOnlyList<string> Hidden, int Left);

/// <summary>A statement with the shares of each group.</summary>
public sealed record StatementOfGroups(PublishedStatement Statement, IReadOnlyList<GroupOnStatement> Groups)
{
    public GroupOnStatement Highest => Groups.MaxBy(group => group.Agree)!;

    public GroupOnStatement Lowest => Groups.MinBy(group => group.Agree)!;

    /// <summary>Of everybody together, groups by size.</summary>
    public double Agree => Groups.Sum(group => (group.Agree ?? 0) * group.People) / Math.Max(1, Groups.Sum(group => group.People));
}

/// <summary>How a group voted, from shown numbers: shares of all of it who voted on anything. A share that is not shown is missing, on no list though.</summary>
public sealed record GroupOnStatement(string Name, double? Agree, double? Disagree, int People);
