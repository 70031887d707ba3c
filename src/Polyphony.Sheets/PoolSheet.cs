using System.Globalization;

namespace Polyphony.Sheets;

/// <summary>Which column of a pool file holds what; a header, or empty for none.</summary>
/// <param name="Id">Identifier of a person; empty: the number of the data row.</param>
/// <param name="Name">Name.</param>
/// <param name="Contact">E-mail.</param>
/// <param name="Language">Two-letter code of the person's language.</param>
/// <param name="Household">Columns that compare as one tuple; empty: no household rule.</param>
/// <param name="Criteria">For each criterion, in order, the column that holds it; empty for one that follows from two others.</param>
public sealed record PoolMapping(string Id, string Name, string Contact, string Language, IReadOnlyList<string> Household, IReadOnlyList<string> Criteria)
{
    private static readonly string[] Ids = ["id", "number", "no", "nr", "n°", "nationbuilder_id", "unique_id", "identifiant", "numéro", "numero"];
    private static readonly string[] Names = ["name", "full name", "nom", "nom complet", "person"];
    private static readonly string[] Contacts = ["email", "e-mail", "mail", "contact", "courriel", "adresse électronique", "adresse mail"];
    private static readonly string[] Languages = ["language", "lang", "langue"];
    private static readonly string[] Households = ["household", "foyer", "ménage", "menage", "address", "adresse", "street", "rue", "primary_address1", "address_line1", "postcode", "code postal", "zip", "zip_royal_mail", "primary_zip"];

    /// <summary>Guesses the mapping from the headers, in English and French.</summary>
    public static PoolMapping Suggest(Sheet sheet, IReadOnlyList<QuotaCriterion> criteria)
    {
        HashSet<string> taken = [.. criteria.Select(criterion => sheet.Find(criterion.Name)).Where(column => column >= 0).Select(column => sheet.Headers[column])];
        string First(string[] names) => sheet.Headers.FirstOrDefault(header => !taken.Contains(header) && names.Contains(header.Trim().ToLowerInvariant())) ?? "";
        return new(
            First(Ids), First(Names), First(Contacts), First(Languages),
            [.. sheet.Headers.Where(header => !taken.Contains(header) && Households.Contains(header.Trim().ToLowerInvariant()))],
            [.. criteria.Select(criterion => sheet.Find(criterion.Name) is >= 0 and var column ? sheet.Headers[column] : "")]);
    }
}

/// <summary>A person of a pool file.</summary>
/// <param name="Row">Row in the file.</param>
/// <param name="Id">Identifier.</param>
/// <param name="Name">Name, may be empty.</param>
/// <param name="Email">E-mail, may be empty.</param>
/// <param name="Language">Language code, may be empty.</param>
/// <param name="Values">Position of the value in each criterion.</param>
/// <param name="HouseholdKey">Normalised household, null for one of one's own.</param>
/// <param name="Address">The household columns as written, for letters.</param>
public sealed record PoolPerson(int Row, string Id, string Name, string Email, string Language, IReadOnlyList<int> Values, string? HouseholdKey, string Address);

/// <summary>What a pool sheet gave: people, or problems; with more problems than are listed, their number.</summary>
public sealed record PoolReading(IReadOnlyList<PoolPerson> People, IReadOnlyList<SheetProblem> Problems, int ProblemCount);

/// <summary>Reads a pool of people by a mapping of its columns.</summary>
public static class PoolSheet
{
    private const int LongestText = 200;

    public static PoolReading Read(Sheet sheet, PoolMapping mapping, IReadOnlyList<QuotaCriterion> criteria, int mostListed = SheetProblem.MostListed)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        ArgumentNullException.ThrowIfNull(mapping);
        ArgumentNullException.ThrowIfNull(criteria);
        List<SheetProblem> problems = [];
        int id = Column(mapping.Id, required: false);
        int name = Column(mapping.Name, required: false);
        int contact = Column(mapping.Contact, required: false);
        int language = Column(mapping.Language, required: false);
        int[] household = [.. mapping.Household.Where(header => header.Length > 0).Select(header => Column(header, required: true))];
        string Mapped(int criterion) => criterion < mapping.Criteria.Count ? mapping.Criteria[criterion] : "";

        // Quotas on two criteria have no column, unless one was named.
        JointQuota?[] joint = [.. criteria.Select((criterion, i) => Mapped(i).Length > 0 ? null : JointQuota.Of(criterion))];
        int[] columns = [.. criteria.Select((criterion, i) => joint[i] is null ? Column(Mapped(i), required: true, criterion.Name) : -1)];
        (int First, int Second)[] parts = [.. joint.Select(one => one is null ? (-1, -1) : (PartOf(one.First), PartOf(one.Second)))];
        if (problems.Count > 0)
        {
            return new([], problems, problems.Count);
        }

        if (sheet.Rows.Count == 0)
        {
            return new([], [new SheetProblem("no-rows", sheet.File)], 1);
        }

        Dictionary<string, int>[] known = [.. criteria.Select(criterion => criterion.Values.Index().ToDictionary(pair => CellText.Key(pair.Item.Name), pair => pair.Index, StringComparer.Ordinal))];
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        List<PoolPerson> people = new(sheet.Rows.Count);
        int number = 0;
        foreach (SheetRow row in sheet.Rows)
        {
            number++;
            string personId = id >= 0 ? row[id] : number.ToString(CultureInfo.InvariantCulture);
            if (personId.Length == 0)
            {
                problems.Add(new SheetProblem("empty", sheet.File, row.Number, sheet.Headers[id]));
            }
            else if (!ids.TryAdd(CellText.Key(personId), row.Number))
            {
                problems.Add(new SheetProblem("id-twice", sheet.File, row.Number, id >= 0 ? sheet.Headers[id] : "", SheetProblem.Shorten(personId), ids[CellText.Key(personId)].ToString(CultureInfo.InvariantCulture)));
            }

            int[] values = new int[criteria.Count];
            for (int i = 0; i < columns.Length; i++)
            {
                if (joint[i] is { } one)
                {
                    values[i] = one.ValueOf(row[parts[i].First], row[parts[i].Second]);
                    continue;
                }

                string text = row[columns[i]];
                if (text.Length == 0)
                {
                    problems.Add(new SheetProblem("empty", sheet.File, row.Number, sheet.Headers[columns[i]], Expected: Allowed(criteria[i])));
                }
                else if (!known[i].TryGetValue(CellText.Key(text), out values[i]))
                {
                    problems.Add(new SheetProblem("unknown-value", sheet.File, row.Number, sheet.Headers[columns[i]], SheetProblem.Shorten(text), Allowed(criteria[i])));
                }
            }

            foreach (int column in ((int[])[id, name, contact, .. household]).Where(column => column >= 0 && row[column].Length > LongestText))
            {
                problems.Add(new SheetProblem("cell-too-long", sheet.File, row.Number, sheet.Headers[column], SheetProblem.Shorten(row[column]), "200"));
            }

            string email = contact >= 0 ? row[contact] : "";
            if (email.Length > 0 && !IsEmail(email))
            {
                problems.Add(new SheetProblem("not-an-email", sheet.File, row.Number, sheet.Headers[contact], SheetProblem.Shorten(email), "name@example.org"));
            }

            string speaks = language >= 0 ? row[language].ToLowerInvariant() : "";
            if (speaks.Length > 0 && !(speaks.Length is 2 or 3 && speaks.All(char.IsAsciiLetterLower)))
            {
                problems.Add(new SheetProblem("not-a-language", sheet.File, row.Number, sheet.Headers[language], SheetProblem.Shorten(speaks), "en, fr, ar"));
            }

            string[] shared = [.. household.Select(column => row[column])];
            people.Add(new PoolPerson(
                row.Number, personId, name >= 0 ? row[name] : "", email, speaks, values,
                shared.All(part => part.Length == 0) ? null : string.Join('\u001f', shared.Select(CellText.Key)),
                string.Join('\n', shared.Where(part => part.Length > 0))));
        }

        return new(problems.Count == 0 ? people : [], [.. problems.Take(mostListed)], problems.Count);

        // Where both have quotas too, the column that was chosen for these.
        int PartOf(string name) => criteria.Index().FirstOrDefault(criterion => CellText.Key(criterion.Item.Name) == CellText.Key(name), (-1, null!)).Index is >= 0 and var own && joint[own] is null
            ? columns[own]
            : Column(name, required: true);

        int Column(string header, bool required, string? meant = null)
        {
            if (header.Length == 0 && !required)
            {
                return -1;
            }

            int column = header.Length == 0 ? -1 : sheet.Find(header);
            if (column < 0)
            {
                problems.Add(new SheetProblem("column-missing", sheet.File, 1, meant ?? header, Expected: string.Join(", ", sheet.Headers.Take(30))));
            }

            return column;
        }
    }

    /// <summary>The values of a column and how often each stands there, for the preview of a mapping.</summary>
    public static IReadOnlyList<(string Value, int Count)> Distinct(Sheet sheet, string header, int most = 30)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        int column = sheet.Find(header);
        return column < 0 ? [] : [.. sheet.Rows.GroupBy(row => row[column]).OrderByDescending(group => group.Count()).Take(most).Select(group => (group.Key, group.Count()))];
    }

    private static string Allowed(QuotaCriterion criterion) => string.Join(", ", criterion.Values.Select(value => value.Name).Take(20));

    private static bool IsEmail(string text)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && at == text.LastIndexOf('@') && at < text.Length - 1 && text.Length <= 254
            && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is ',' or ';' or '<' or '>' or '"' or '(' or ')');
    }
}
