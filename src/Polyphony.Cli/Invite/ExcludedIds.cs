using System.Text;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Sortition.Invitations;

namespace Polyphony.Cli.Invite;

/// <summary>Reads the ids of earlier batches.</summary>
internal static class ExcludedIds
{
    /// <summary>Tickets with id and row.</summary>
    public static Dictionary<UInt128, (string Id, int Row)> Read(string? paths, string id, byte[] salt, RowProblems problems)
    {
        Dictionary<UInt128, (string, int)> found = [];
        foreach (string path in VerbOptions.Columns(paths))
        {
            List<SheetProblem> opening = [];
            using LargeCsv? csv = LargeCsv.Open(path, opening, CancellationToken.None);
            problems.AddRange(opening);
            if (csv is null)
            {
                continue;
            }

            int column = csv.Find(id) >= 0 ? csv.Find(id) : csv.Find("id");
            List<(string Id, int Row)> ids = [];
            if (column < 0 && csv.Headers.Count == 1)
            {
                column = 0;
                ids.Add((csv.Headers[0], 1));
            }

            if (column < 0)
            {
                problems.Add(new SheetProblem("column-missing", csv.File, 1, id.Length == 0 ? "id" : id, Expected: string.Join(", ", csv.Headers.Take(30))));
                continue;
            }

            csv.Scan((in CsvCells row) => ids.Add((CsvWriter.Unescape(row.Text(column)), row.Row)), problems.Add, CancellationToken.None);
            UInt128[] tickets = RegisterTickets.Of(ids.Count, salt, (i, buffer) =>
            {
                byte[] key = Encoding.UTF8.GetBytes(CellText.Key(ids[i].Id));
                int length = Math.Min(key.Length, RegisterTickets.LongestId);
                key.AsSpan(0, length).CopyTo(buffer);
                return length;
            });
            for (int i = 0; i < tickets.Length; i++)
            {
                found[tickets[i]] = ids[i];
            }
        }

        return found;
    }
}
