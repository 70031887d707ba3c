using System.Globalization;
using Polyphony.Sheets;

namespace Polyphony.Cli.Draw;

/// <summary>What a pool brings with it that was given out before: public tickets, and the secret nonces behind what was committed of each person. Without them tickets follow from ids.</summary>
internal static class TicketColumns
{
    private const string Ticket = "ticket";
    private const string Nonce = "nonce";

    /// <summary>Everybody's ticket in lower case; null where the pool has no such column, or one that is a criterion.</summary>
    public static IReadOnlyList<string>? Tickets(Sheet pool, IReadOnlyList<QuotaCriterion> criteria, List<SheetProblem> problems)
    {
        int before = problems.Count;
        if (Read(pool, Ticket, 32, criteria, problems) is not { } tickets || problems.Count > before)
        {
            return null;
        }

        Dictionary<string, int> rows = new(StringComparer.Ordinal);
        foreach ((string ticket, SheetRow row) in tickets.Zip(pool.Rows))
        {
            if (!rows.TryAdd(ticket, row.Number))
            {
                problems.Add(new SheetProblem("ticket-twice", pool.File, row.Number, Ticket, ticket, rows[ticket].ToString(CultureInfo.InvariantCulture)));
            }
        }

        return tickets;
    }

    /// <summary>Everybody's nonce; null where the pool has no such column.</summary>
    public static IReadOnlyList<string>? Nonces(Sheet pool, IReadOnlyList<QuotaCriterion> criteria, List<SheetProblem> problems) => Read(pool, Nonce, 64, criteria, problems);

    private static string[]? Read(Sheet pool, string name, int digits, IReadOnlyList<QuotaCriterion> criteria, List<SheetProblem> problems)
    {
        int column = pool.Find(name);
        if (column < 0 || criteria.Any(criterion => pool.Find(criterion.Name) == column))
        {
            return null;
        }

        foreach (SheetRow row in pool.Rows.Where(row => row[column].Length != digits || !row[column].All(char.IsAsciiHexDigit)))
        {
            problems.Add(row[column].Length == 0
                ? new SheetProblem("empty", pool.File, row.Number, name)
                : new SheetProblem("not-hexadecimal", pool.File, row.Number, name, SheetProblem.Shorten(row[column]), digits.ToString(CultureInfo.InvariantCulture)));
        }

        return [.. pool.Rows.Select(row => row[column].ToLowerInvariant())];
    }
}
