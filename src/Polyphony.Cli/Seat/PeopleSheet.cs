using System.Collections.Immutable;
using Polyphony.Cli.Frame;
using Polyphony.Seating;
using Polyphony.Sheets;

namespace Polyphony.Cli.Seat;

/// <summary>Which columns of a file of people say what.</summary>
internal sealed record PeopleColumns(string? Id, IReadOnlyList<(string Name, CriterionMode Mode, bool NobodyAlone)> Criteria, string? Languages, string? Access);

/// <summary>People as a file gives them, in the order of the file.</summary>
/// <param name="People">The people.</param>
/// <param name="Criteria">The criteria named, with the values found: the most common first, then by name.</param>
/// <param name="Languages">The languages found, by name.</param>
/// <param name="Others">What else the file says of each person, by the names of its columns; it tells people apart who are alike otherwise.</param>
/// <param name="Fixed">Seats that GroupSelect's own columns fix.</param>
internal sealed record PeopleSheet(
    ImmutableArray<SeatingPerson> People, ImmutableArray<SeatingCriterion> Criteria, ImmutableArray<string> Languages, IReadOnlyList<string> Others, ImmutableArray<FixedSeat> Fixed)
{
    /// <summary>Bit of a language that a facilitator speaks and none of the people understands.</summary>
    public const ulong NobodysLanguage = 1UL << 63;

    private static readonly char[] Between = [' ', ';', '|', '/', '+', ','];

    public IReadOnlyList<string> Ids => [.. People.Select(person => person.Id)];

    public static PeopleSheet? Read(string path, PeopleColumns columns, List<SheetProblem> problems)
    {
        if (Table(path, problems) is not { } sheet)
        {
            return null;
        }

        int before = problems.Count;
        int id = sheet.Find(columns.Id ?? "id");
        int languages = Column(columns.Languages);
        int access = Column(columns.Access);
        int[] criteria = [.. columns.Criteria.Select(criterion => Column(criterion.Name))];
        if (columns.Id is not null)
        {
            Column(columns.Id);
        }

        if (sheet.Rows.Count == 0)
        {
            problems.Add(new SheetProblem("no-rows", sheet.File));
        }

        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        foreach (SheetRow row in id < 0 ? [] : sheet.Rows)
        {
            if (row[id].Length == 0)
            {
                problems.Add(new SheetProblem("empty", sheet.File, row.Number, sheet.Headers[id]));
            }
            else if (!seen.TryAdd(CellText.Key(row[id]), row.Number))
            {
                problems.Add(new SheetProblem("id-twice", sheet.File, row.Number, sheet.Headers[id], SheetProblem.Shorten(row[id]), $"{seen[CellText.Key(row[id])]}"));
            }
        }

        foreach (SheetRow row in access < 0 ? [] : sheet.Rows.Where(row => YesNo(row[access]) is null && row[access].Length > 0))
        {
            problems.Add(new SheetProblem("unknown-value", sheet.File, row.Number, sheet.Headers[access], SheetProblem.Shorten(row[access]), "yes, no"));
        }

        if (problems.Count > before)
        {
            return null;
        }

        ImmutableArray<SeatingCriterion> known = [.. columns.Criteria.Select((criterion, c) => new SeatingCriterion(sheet.Headers[criteria[c]], Values(sheet, criteria[c]), criterion.Mode, criterion.NobodyAlone))];
        ImmutableArray<string> tongues = languages < 0 ? [] : [.. sheet.Rows.SelectMany(row => Tongues(row[languages])).Distinct().Order(StringComparer.Ordinal)];
        if (tongues.Length > 63)
        {
            problems.Add(new SheetProblem("too-many-values", sheet.File, Column: sheet.Headers[languages], Value: $"{tongues.Length}", Expected: "63"));
            return null;
        }

        Dictionary<string, int>[] index = [.. known.Select(criterion => criterion.Values.Index().ToDictionary(pair => CellText.Key(pair.Item), pair => pair.Index, StringComparer.Ordinal))];
        ImmutableArray<SeatingPerson> people =
        [
            .. sheet.Rows.Select((row, i) => new SeatingPerson(
                id < 0 ? $"{i + 1}" : row[id],
                [.. criteria.Select((column, c) => index[c].GetValueOrDefault(CellText.Key(row[column]), -1))],
                languages < 0 ? 0 : Mask(tongues, row[languages]),
                access >= 0 && YesNo(row[access]) == true)),
        ];
        int[] rest = [.. Enumerable.Range(0, sheet.Headers.Count).Where(column => column != id && !criteria.Contains(column)).OrderBy(column => sheet.Headers[column], StringComparer.Ordinal)];
        return new PeopleSheet(people, known, tongues, [.. sheet.Rows.Select(row => string.Join('\u001f', rest.Select(column => row[column])))], Allocated(sheet));

        int Column(string? name)
        {
            int found = name is null ? -1 : sheet.Find(name);
            if (name is not null && found < 0)
            {
                problems.Add(new SheetProblem("column-missing", sheet.File, 1, name, Expected: string.Join(", ", sheet.Headers.Take(30))));
            }

            return found;
        }
    }

    public static IEnumerable<string> Tongues(string cell) => cell.Split(Between, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(text => text.ToLowerInvariant());

    public static ulong Mask(ImmutableArray<string> languages, string cell) => Tongues(cell).Aggregate(0UL, (mask, language) => languages.IndexOf(language) is >= 0 and var bit ? mask | (1UL << bit) : mask);

    public static bool? YesNo(string cell) => cell.ToUpperInvariant() switch
    {
        "YES" or "Y" or "TRUE" or "1" or "X" => true,
        "NO" or "N" or "FALSE" or "0" => false,
        _ => null,
    };

    /// <summary>The file; a first column without a header, as GroupSelect's own library writes it, gets one.</summary>
    private static Sheet? Table(string path, List<SheetProblem> problems)
    {
        if (InputTable.Bytes(path, problems) is not { } content)
        {
            return null;
        }

        if (path.EndsWith(".gspr", StringComparison.OrdinalIgnoreCase))
        {
            // It holds people as memory of another program, and no description of it is published.
            problems.Add(new SheetProblem("file-unreadable", path, Value: "This is a project of GroupSelect. Give the file of people that was imported into it; the project cannot be read by others."));
            return null;
        }

        ReadOnlySpan<byte> text = content.AsSpan().StartsWith("\uFEFF"u8) ? content.AsSpan(3) : content;
        switch (SheetReader.Read(path, text.Length > 0 && text[0] is (byte)',' or (byte)';' ? [(byte)'#', .. text] : content))
        {
            case SheetReading.Read read:
                return read.Sheet;
            case SheetReading.Refused refused:
                problems.AddRange(refused.Problems);
                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static ImmutableArray<string> Values(Sheet sheet, int column) =>
    [
        .. sheet.Rows.Select(row => row[column]).Where(cell => cell.Length > 0).GroupBy(CellText.Key, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Min(StringComparer.Ordinal)!),
    ];

    private static ImmutableArray<FixedSeat> Allocated(Sheet sheet)
    {
        int isFixed = sheet.Find("fixed");
        int allocation = sheet.Find("allocation");
        return isFixed < 0 || allocation < 0 ? [] :
        [
            .. from row in sheet.Rows.Index()
               where YesNo(row.Item[isFixed]) == true && int.TryParse(row.Item[allocation], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _)
               select new FixedSeat(row.Index, int.Parse(row.Item[allocation], System.Globalization.CultureInfo.InvariantCulture), null),
        ];
    }
}
