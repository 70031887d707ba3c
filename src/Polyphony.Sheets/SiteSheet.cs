using System.Globalization;

namespace Polyphony.Sheets;

/// <summary>A site of a file.</summary>
/// <param name="Row">Row in the file.</param>
/// <param name="Code">Its code, in capital letters.</param>
/// <param name="Name">Its name.</param>
/// <param name="Country">Two letters in capitals; may be empty.</param>
/// <param name="TimeZone">IANA time zone; may be empty.</param>
/// <param name="Planned">People on its panel; 0 when not said.</param>
/// <param name="Address">The venue's address; may be empty.</param>
public sealed record SheetSite(int Row, string Code, string Name, string Country, string TimeZone, int Planned, string Address);

/// <summary>What a sheet of sites gave: sites, or all problems.</summary>
public sealed record SiteReading(IReadOnlyList<SheetSite> Sites, IReadOnlyList<SheetProblem> Problems, IReadOnlyList<string> IgnoredColumns);

/// <summary>Reads the sites of a dialogue, one a row.</summary>
/// <remarks>Headers, in any order and case: <c>code</c> and <c>name</c>; optionally <c>country</c>, <c>time_zone</c>, <c>planned</c> and <c>address</c>.</remarks>
public static class SiteSheet
{
    /// <summary>A code has 1 to 20 capital letters, digits and hyphens.</summary>
    public const int LongestCode = 20;

    /// <summary>Fewest people on a panel.</summary>
    public const int LeastPlanned = 2;

    /// <summary>Most people on a panel.</summary>
    public const int MostPlanned = 2_000;

    private const int LongestText = 200;

    /// <summary>Reads a sheet.</summary>
    /// <param name="sheet">The table.</param>
    /// <param name="isCountry">Whether two letters are a country.</param>
    public static SiteReading Read(Sheet sheet, Func<string, bool> isCountry)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        ArgumentNullException.ThrowIfNull(isCountry);
        List<SheetProblem> problems = [];
        int code = sheet.Find("code");
        int name = sheet.Find("name");
        int country = sheet.Find("country");
        int zone = sheet.Find("time_zone") >= 0 ? sheet.Find("time_zone") : sheet.Find("time zone");
        int planned = sheet.Find("planned");
        int address = sheet.Find("address");
        foreach ((int column, string header) in (ReadOnlySpan<(int, string)>)[(code, "code"), (name, "name")])
        {
            if (column < 0)
            {
                problems.Add(new SheetProblem("column-missing", sheet.File, 1, header, Expected: "code,name,country,time_zone,planned,address"));
            }
        }

        if (problems.Count > 0)
        {
            return new([], problems, []);
        }

        if (sheet.Rows.Count == 0)
        {
            return new([], [new SheetProblem("no-rows", sheet.File)], []);
        }

        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        List<SheetSite> sites = new(sheet.Rows.Count);
        foreach (SheetRow row in sheet.Rows)
        {
            string written = Code(row[code]);
            if (written.Length == 0)
            {
                Wrong("empty", row, code, "");
            }
            else if (!IsCode(written))
            {
                Wrong("not-a-code", row, code, "FR, DE-1, S07");
            }
            else if (!seen.TryAdd(written, row.Number))
            {
                Wrong("value-twice", row, code, seen[written].ToString(CultureInfo.InvariantCulture));
            }

            if (row[name].Length == 0)
            {
                Wrong("empty", row, name, "");
            }

            foreach (int column in (ReadOnlySpan<int>)[name, address])
            {
                if (row[column].Length > LongestText)
                {
                    Wrong("cell-too-long", row, column, "200");
                }
            }

            string land = row[country].ToUpperInvariant();
            if (land.Length > 0 && !isCountry(land))
            {
                Wrong("not-a-country", row, country, "FR, CH, KE");
            }

            if (row[zone].Length > 0 && !IsZone(row[zone]))
            {
                Wrong("not-a-time-zone", row, zone, "Europe/Paris");
            }

            int people = 0;
            string digits = row[planned].EndsWith(".0", StringComparison.Ordinal) ? row[planned][..^2] : row[planned];
            if (digits.Length > 0 && !(int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out people) && people is >= LeastPlanned and <= MostPlanned))
            {
                Wrong("not-planned", row, planned, "100");
            }

            sites.Add(new(row.Number, written, row[name], land, row[zone], people, row[address]));
        }

        HashSet<int> used = [code, name, country, zone, planned, address];
        return new(problems.Count == 0 ? sites : [], problems, [.. sheet.Headers.Where((_, index) => !used.Contains(index))]);

        void Wrong(string what, SheetRow row, int column, string expected) =>
            problems.Add(new SheetProblem(what, sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), expected));
    }

    /// <summary>A code as it is kept.</summary>
    public static string Code(string text) => CellText.Clean(text).ToUpperInvariant();

    /// <summary>Whether a text, as <see cref="Code"/> gives it, may name a site.</summary>
    public static bool IsCode(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return code.Length is > 0 and <= LongestCode && code.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '-');
    }

    /// <summary>Whether a text is an IANA time zone.</summary>
    public static bool IsZone(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains('/', StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(text, out _);
    }
}
