using System.Text;

namespace Polyphony.Sheets;

/// <summary>Reads CSV after RFC 4180, strictly: rows keep their number in the file, nothing is recovered silently.</summary>
internal static class CsvFile
{
    public static SheetReading Read(string file, byte[] content)
    {
        if (!TryDecode(content, out string text))
        {
            return SheetReader.Refuse(new SheetProblem("file-not-text", file, Expected: "UTF-8, UTF-16, Windows-1252"));
        }

        int nul = text.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0)
        {
            return SheetReader.Refuse(new SheetProblem("file-not-text", file, 1 + text.AsSpan(0, nul).Count('\n'), Expected: "UTF-8, UTF-16, Windows-1252"));
        }

        return Parse(file, text, Separator(text));
    }

    private static bool TryDecode(byte[] content, out string text)
    {
        if (content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            return TryDecode(new UTF8Encoding(false, throwOnInvalidBytes: true), content.AsSpan(3), out text);
        }

        if (content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            return TryDecode(new UnicodeEncoding(bigEndian: content[0] == 0xFE, byteOrderMark: false, throwOnInvalidBytes: true), content.AsSpan(2), out text);
        }

        if (TryDecode(new UTF8Encoding(false, throwOnInvalidBytes: true), content, out text))
        {
            return true;
        }

        // Windows-1252 leaves five bytes undefined, which come out as control characters: a file with one of them is in another encoding.
        text = Encoding.GetEncoding(1252).GetString(content);
        return !text.Any(c => c is >= '\u0080' and <= '\u009f');
    }

    private static bool TryDecode(Encoding strict, ReadOnlySpan<byte> content, out string text)
    {
        try
        {
            text = strict.GetString(content);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }

    /// <summary>The separator that stands most often in the first line, outside quotes.</summary>
    private static char Separator(string text)
    {
        Dictionary<char, int> counts = new() { [','] = 0, [';'] = 0, ['\t'] = 0 };
        bool quoted = false;
        bool any = false;
        foreach (char c in text)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c is '\n' or '\r' && any)
            {
                break;
            }
            else if (!quoted && counts.TryGetValue(c, out int count))
            {
                counts[c] = count + 1;
            }

            any |= !char.IsWhiteSpace(c);
        }

        return counts.OrderByDescending(pair => pair.Value).First().Key;
    }

    private static SheetReading Parse(string file, string text, char separator)
    {
        List<SheetRow> rows = [];
        List<SheetProblem> problems = [];
        List<string> cells = [];
        StringBuilder cell = new();
        int line = 1;
        int rowStart = 1;
        bool quoted = false;
        bool afterQuote = false;

        void EndCell()
        {
            if (cell.Length > SheetLimits.CellCharacters)
            {
                problems.Add(new SheetProblem("cell-too-long", file, rowStart, CellText.ColumnLetter(cells.Count), Expected: "32768"));
            }

            cells.Add(cell.ToString());
            cell.Clear();
            afterQuote = false;
        }

        void EndRow()
        {
            EndCell();
            if (cells.Count > SheetLimits.Columns && cells.Skip(SheetLimits.Columns).Any(extra => extra.Length > 0))
            {
                problems.Add(new SheetProblem("too-many-columns", file, rowStart, Value: cells.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), Expected: "200"));
            }

            rows.Add(new SheetRow(rowStart, cells));
            cells = [];
        }

        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else if (c == '"')
                {
                    quoted = false;
                    afterQuote = true;
                }
                else
                {
                    line += c == '\n' ? 1 : 0;
                    if (c != '\r')
                    {
                        cell.Append(c);
                    }
                }
            }
            else if (c == '"' && cell.Length == 0 && !afterQuote)
            {
                quoted = true;
            }
            else if (c == separator)
            {
                EndCell();
            }
            else if (c is '\n' or '\r')
            {
                if (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
                {
                    i++;
                }

                EndRow();
                line++;
                rowStart = line;
                if (rows.Count > SheetLimits.Rows + 1)
                {
                    problems.Add(new SheetProblem("too-many-rows", file, rowStart, Expected: "100000"));
                    return SheetReader.Refuse(problems);
                }

                if (problems.Count >= SheetProblem.MostListed)
                {
                    return SheetReader.Refuse(problems);
                }
            }
            else
            {
                if (afterQuote && c != ' ')
                {
                    problems.Add(new SheetProblem("text-after-quote", file, line, CellText.ColumnLetter(cells.Count), SheetProblem.Shorten(cell.ToString() + c)));
                    afterQuote = false;
                }

                cell.Append(c);
            }
        }

        if (quoted)
        {
            problems.Add(new SheetProblem("quote-not-closed", file, rowStart, CellText.ColumnLetter(cells.Count), SheetProblem.Shorten(cell.ToString())));
        }
        else if (cell.Length > 0 || cells.Count > 0)
        {
            EndRow();
        }

        return problems.Count > 0 ? SheetReader.Refuse(problems) : SheetReader.Arrange(file, rows);
    }
}
