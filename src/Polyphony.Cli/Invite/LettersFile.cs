using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Sortition.Invitations;

namespace Polyphony.Cli.Invite;

/// <summary>Writes the mail merge.</summary>
internal static class LettersFile
{
    /// <summary>One letter a row, each with a code of its own that no public randomness leads to.</summary>
    public static void Write(OutputFolder folder, Register register, IReadOnlyList<int> rows, string id, string link, IProgress<WorkProgress> progress, CancellationToken cancellationToken)
    {
        int idColumn = register.Find(id);
        using StreamWriter letters = new(folder.Create("letters.csv"), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), 1 << 16);
        StringBuilder line = new();

        // The register's own headers keep apart from ours: a register may well have a column called code.
        Put(letters, line, ["letter", "id", "row", "ticket", "code", "link", .. register.Headers.Select(header => "register: " + header)]);
        for (int i = 0; i < rows.Count; i++)
        {
            if (i % 1024 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress.Report(new((double)i / rows.Count, "Writing letters"));
            }

            string[] cells = register.RowAt(rows[i]);
            string code = NewCode();
            string number = (rows[i] + 1).ToString(CultureInfo.InvariantCulture);
            Put(letters, line, [
                (i + 1).ToString(CultureInfo.InvariantCulture), idColumn >= 0 ? cells[idColumn] : number, number,
                RegisterTickets.Text(register.Tickets[rows[i]]), code, link + code, .. cells]);
        }
    }

    /// <summary>128 random bits; one that begins with a hyphen would be taken for a formula, so another is drawn.</summary>
    private static string NewCode()
    {
        Span<byte> bytes = stackalloc byte[16];
        string code;
        do
        {
            RandomNumberGenerator.Fill(bytes);
            code = Base64Url.EncodeToString(bytes);
        }
        while (code[0] == '-');

        return code;
    }

    private static void Put(StreamWriter letters, StringBuilder line, IEnumerable<string> cells)
    {
        line.Clear();
        foreach (string cell in cells)
        {
            line.Append(line.Length > 0 ? "," : "").Append('"').Append(CsvWriter.Escape(cell).Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        letters.Write(line.Append("\r\n"));
    }
}
