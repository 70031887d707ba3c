using Polyphony.Dialogues;
using Polyphony.Storage.Mandates;

namespace Polyphony.Web.Draws;

/// <summary>The panels of many sites against their populations, by one criterion at a time: sites are compared by its name, since each may have criteria of its own.</summary>
public sealed record SitesMirror(IReadOnlyDictionary<SiteId, IReadOnlyList<PanelMirror>> Sites, IReadOnlyList<string> Criteria, int By)
{
    public static readonly SitesMirror None = new(new Dictionary<SiteId, IReadOnlyList<PanelMirror>>(), [], 0);

    public int Chosen => By >= 0 && By < Criteria.Count ? By : 0;

    /// <summary>The values of the chosen criterion in the order in which they are first met, with how many of all panels bear each.</summary>
    public IReadOnlyList<(string Value, int Count)> Values =>
        [.. Shown.SelectMany(mirror => mirror.Values).GroupBy(value => value.Name, StringComparer.Ordinal).Select(group => (group.Key, group.Sum(value => value.Count)))];

    private IEnumerable<PanelMirror> Shown => Criteria.Count == 0 ? [] : Sites.Values.SelectMany(mirrors => mirrors).Where(mirror => mirror.Criterion == Criteria[Chosen]);

    /// <summary>The panels of some sites; sites are given in their order, so that criteria and values keep theirs.</summary>
    public static SitesMirror Of(IReadOnlyList<Site> sites, IReadOnlyDictionary<SiteId, IReadOnlyList<PanelMirror>> mirrors, int by)
    {
        Site[] drawn = [.. sites.Where(site => mirrors.ContainsKey(site.Id))];
        return new(
            new OrderedDictionary<SiteId, IReadOnlyList<PanelMirror>>(drawn.Select(site => KeyValuePair.Create(site.Id, mirrors[site.Id]))),
            [.. drawn.SelectMany(site => mirrors[site.Id]).Select(mirror => mirror.Criterion).Distinct(StringComparer.Ordinal)], by);
    }

    /// <summary>The panel of a site by the chosen criterion; null where the site does not have it.</summary>
    public PanelMirror? At(SiteId site) => Criteria.Count == 0 ? null : Sites.GetValueOrDefault(site)?.FirstOrDefault(mirror => mirror.Criterion == Criteria[Chosen]);
}
