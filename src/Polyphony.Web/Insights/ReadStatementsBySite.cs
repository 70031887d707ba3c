using System.Collections.Immutable;
using Polyphony.Statistics.Disclosure;
using Polyphony.Statistics.Opinion.Findings;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Publication;

namespace Polyphony.Web.Insights;

/// <summary>Reads released tables of statements by site: where sites and countries agree, where they part, and what each says more than the others.</summary>
/// <remarks>Nothing is used that is not shown: a country is the sum of its sites' shown numbers, and is there only if all of them are.</remarks>
internal static class ReadStatementsBySite
{
    private const int MostApart = 5;

    public static StatementsBySite Of(IReadOnlyList<PublishedStatement> statements, IReadOnlyList<Site> sites)
    {
        ResultTable[] tables = [.. statements.Select(statement => statement.Table)];
        Site[] shown = [.. sites.Where(site => tables.All(table => table.Groups.Any(row => row.Value == site.Code && row.Ballots is ReleasedCell.Rounded)))];
        (GroupTallies tallies, ImmutableArray<int> whole) = ReleasedVotes.Reckon(tables, [.. shown.Select(site => site.Code)]);
        List<StatementsOfGroups> groups = [];
        if (shown.Length > 1)
        {
            groups.Add(Read("site", [.. shown.Select(Name)], tallies, statements, whole));
            var countries = sites.GroupBy(site => site.Country).Where(country => country.Key.Length > 0 && country.All(shown.Contains)).Select(country => (country.Key, Sites: country.Select(site => Array.IndexOf(shown, site)).ToArray())).ToList();
            if (countries.Count > 1 && countries.Any(country => country.Sites.Length > 1))
            {
                groups.Add(Read(
                    "country", [.. countries.Select(country => country.Key)],
                    GroupTallies.Of(
                        [.. countries.Select(country => Enumerable.Range(0, tables.Length).Select(statement => country.Sites.Select(site => tallies[site, statement]).Aggregate((sum, next) => sum + next)).ToArray())],
                        [.. countries.Select(country => country.Sites.Sum(site => tallies.Sizes[site]))]),
                    statements, whole));
            }
        }

        return new StatementsBySite(groups, [.. sites.Except(shown).Select(Name)], statements.Count - whole.Length);
    }

    private static StatementsOfGroups Read(string kind, IReadOnlyList<string> names, GroupTallies tallies, IReadOnlyList<PublishedStatement> statements, ImmutableArray<int> whole)
    {
        int[] order = [.. whole.Where(index => !statements[index].IsAboutPeople)];
        StatementOfGroups Of(int index) => new(statements[index], [.. names.Index().Select(name => ShareOf(name.Item, tallies[name.Index, index], tallies.Sizes[name.Index]))]);
        Consensus consensus = Consensus.AcrossGroups(tallies, order);
        return new StatementsOfGroups(
            kind,
            [.. Divisive.Of(tallies, order, MostApart).Select(said => Of(said.Statement))],
            [.. consensus.Agree.Select(said => Of(said.Statement))],
            [.. consensus.Disagree.Select(said => Of(said.Statement))],
            [.. names.Index().Select(name => (name.Item, (IReadOnlyList<(PublishedStatement, bool)>)[.. Representative.Of(tallies, name.Index, order).Where(said => said.RatioTest > Representative.Z90).Select(said => (statements[said.Statement], said.Side == Side.Agree))])).Where(group => group.Item2.Count > 0)],
            [.. whole.Select(Of)]);
    }

    private static GroupOnStatement ShareOf(string name, StatementTally tally, int people) =>
        new(name, people == 0 ? 0 : Math.Min(1, (double)tally.Agrees / people), people == 0 ? 0 : Math.Min(1, (double)tally.Disagrees / people), people);

    private static string Name(Site site) => site.Name.Length > 0 ? site.Name : site.Code;
}

/// <summary>Statements by site and, where countries have several, by country.</summary>
/// <param name="Groups">Sites, then countries; none where fewer than two can be shown.</param>
/// <param name="Hidden">Sites that are not shown.</param>
/// <param name="Left">Statements of which some site's number is not shown: they are on no list.</param>
public sealed record StatementsBySite(IReadOnlyList<StatementsOfGroups> Groups, IReadOnlyList<string> Hidden, int Left);

/// <summary>Statements by sites or by countries.</summary>
/// <param name="Kind"><c>site</c> or <c>country</c>.</param>
/// <param name="Apart">On which they part, the widest first.</param>
/// <param name="Together">With which all agree.</param>
/// <param name="Rejected">With which all disagree.</param>
/// <param name="Says">Per site or country what it says more than the others.</param>
/// <param name="All">Every statement of which all is shown.</param>
public sealed record StatementsOfGroups(
    string Kind, IReadOnlyList<StatementOfGroups> Apart, IReadOnlyList<StatementOfGroups> Together, IReadOnlyList<StatementOfGroups> Rejected,
    IReadOnlyList<(string Name, IReadOnlyList<(PublishedStatement Statement, bool Agrees)> Says)> Says, IReadOnlyList<StatementOfGroups> All);

/// <summary>A statement with the shares of each site or country.</summary>
public sealed record StatementOfGroups(PublishedStatement Statement, IReadOnlyList<GroupOnStatement> Groups)
{
    public GroupOnStatement Highest => Groups.MaxBy(group => group.Agree)!;

    public GroupOnStatement Lowest => Groups.MinBy(group => group.Agree)!;

    /// <summary>Of everybody together, groups by size.</summary>
    public double Agree => Groups.Sum(group => group.Agree * group.People) / Math.Max(1, Groups.Sum(group => group.People));
}

/// <summary>How a site or country voted, from shown numbers: shares of all who voted there on anything.</summary>
public sealed record GroupOnStatement(string Name, double Agree, double Disagree, int People);
