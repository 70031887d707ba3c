using System.Globalization;
using System.Text;
using Polyphony.Cli.Frame;
using Polyphony.Sheets;
using Polyphony.Statistics.Selection;

namespace Polyphony.Cli.Analyse;

/// <summary>An approval profile as abcvoting writes it: <c>profile</c>, <c>num_cand</c> and <c>committeesize</c>; what else stands in the file is ignored.</summary>
internal static class AbcProfileFile
{
    private const int MostCandidates = 100_000;

    public static readonly FileHelp Help = new(
        "--profile", "approvals as abcvoting writes them (.abc.yaml); candidates are numbered from 0.",
        new("profile", "a list of lists: the candidates that each person approves"),
        new("num_cand", "number of candidates"),
        new("committeesize", "seats, where --size is not given"));

    /// <summary>The profile and the seats it names, or null with problems.</summary>
    public static (ApprovalProfile Profile, int? Size)? Read(string path, List<SheetProblem> problems)
    {
        if (InputTable.Bytes(path, problems) is not { } content)
        {
            return null;
        }

        string file = Path.GetFileName(path);
        Dictionary<string, (int Row, string Text)> members = Members(Encoding.UTF8.GetString(content));
        int? candidates = Number(file, members, "num_cand", MostCandidates, problems);
        int? size = members.ContainsKey("committeesize") ? Number(file, members, "committeesize", MostCandidates, problems) : null;
        if (!members.TryGetValue("profile", out (int Row, string Text) profile))
        {
            problems.Add(new SheetProblem("column-missing", file, Column: "profile", Expected: string.Join(", ", members.Keys)));
            return null;
        }

        int before = problems.Count;
        List<List<int>> approvals = Lists(file, profile, candidates ?? MostCandidates, problems);
        return candidates is null || problems.Count > before ? null : (ApprovalProfile.Of(candidates.Value, approvals), size);
    }

    /// <summary>The members at the outermost level, with the lines that continue them.</summary>
    private static Dictionary<string, (int Row, string Text)> Members(string text)
    {
        Dictionary<string, (int Row, string Text)> members = [];
        string? open = null;
        int row = 0;
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            row++;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && char.IsAsciiLetter(line[0]))
            {
                open = line[..colon];
                members.TryAdd(open, (row, line[(colon + 1)..]));
            }
            else if (open is not null && line.Length > 0 && line[0] == ' ')
            {
                members[open] = (members[open].Row, members[open].Text + "\n" + line);
            }
            else
            {
                open = null;
            }
        }

        return members;
    }

    private static int? Number(string file, Dictionary<string, (int Row, string Text)> members, string name, int most, List<SheetProblem> problems)
    {
        if (!members.TryGetValue(name, out (int Row, string Text) member))
        {
            problems.Add(new SheetProblem("column-missing", file, Column: name, Expected: string.Join(", ", members.Keys)));
            return null;
        }

        if (int.TryParse(member.Text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most)
        {
            return number;
        }

        problems.Add(new SheetProblem("number-outside", file, member.Row, name, SheetProblem.Shorten(member.Text.Trim()), $"1 to {most}"));
        return null;
    }

    private static List<List<int>> Lists(string file, (int Row, string Text) profile, int candidates, List<SheetProblem> problems)
    {
        List<List<int>> lists = [];
        int row = profile.Row;
        int depth = 0;
        for (int at = 0; at < profile.Text.Length; at++)
        {
            char letter = profile.Text[at];
            if (letter == '\n')
            {
                row++;
            }
            else if (letter == '[' && depth < 2)
            {
                depth++;
                if (depth == 2)
                {
                    lists.Add([]);
                }
            }
            else if (letter == ']' && depth > 0)
            {
                depth--;
            }
            else if (depth == 2 && char.IsAsciiDigit(letter))
            {
                int end = at;
                while (end < profile.Text.Length && char.IsAsciiDigit(profile.Text[end]))
                {
                    end++;
                }

                string digits = profile.Text[at..end];
                if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int candidate) || candidate >= candidates)
                {
                    problems.Add(new SheetProblem("number-outside", file, row, "profile", SheetProblem.Shorten(digits), $"0 to {candidates - 1}"));
                }
                else if (lists[^1].Contains(candidate))
                {
                    problems.Add(new SheetProblem("value-twice", file, row, "profile", digits, row.ToString(CultureInfo.InvariantCulture)));
                }
                else
                {
                    lists[^1].Add(candidate);
                }

                at = end - 1;
            }
            else if (letter is not (' ' or ',' or '\r'))
            {
                problems.Add(new SheetProblem("option-value", file, row, "profile", SheetProblem.Shorten(profile.Text[at..].Trim()), "a list of lists of numbers such as [[0, 1], [2]]"));
                return lists;
            }
        }

        if (depth > 0 || lists.Count == 0)
        {
            problems.Add(new SheetProblem("option-value", file, row, "profile", SheetProblem.Shorten(profile.Text.Trim()), "a list of lists of numbers such as [[0, 1], [2]]"));
        }

        return lists;
    }
}
