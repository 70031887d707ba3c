using System.Collections.Immutable;
using Polyphony.Seating;

namespace Polyphony.Web.Tables;

/// <summary>Somebody who leads a table, by its place in the plan, from 0.</summary>
/// <param name="Languages">Languages spoken; none where that is not known.</param>
public sealed record TableFacilitator(int Table, Guid Staff, string Name, IReadOnlyList<string> Languages)
{
    /// <summary>The bit of a language that nobody at the tables understands.</summary>
    private const ulong NobodysLanguage = 1UL << SeatingDesk.MostLanguages;

    public string Id => Staff.ToString("D");

    /// <summary>Who leads a table as the planner knows it: where several do, each of their languages will do.</summary>
    /// <param name="here">All who lead it.</param>
    /// <param name="languages">Those of the people; none where languages do not matter.</param>
    public static Facilitator? Leading(IEnumerable<TableFacilitator> here, ImmutableArray<string> languages)
    {
        TableFacilitator[] all = [.. here];
        return all.Length == 0 ? null : new Facilitator(all[0].Id, languages.IsEmpty || all.Any(one => one.Languages.Count == 0) ? 0
            : all.SelectMany(one => one.Languages).Aggregate(0UL, (mask, language) => mask | (languages.IndexOf(language) is >= 0 and var bit ? 1UL << bit : NobodysLanguage)));
    }
}
