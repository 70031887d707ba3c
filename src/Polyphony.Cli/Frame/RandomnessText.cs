using System.Globalization;
using Polyphony.Proofs;
using Polyphony.Sheets;

namespace Polyphony.Cli.Frame;

/// <summary>Public randomness as it is typed: sources joined by semicolons, each <c>[kind] [name]: values</c>.</summary>
internal static class RandomnessText
{
    public const string Forms = "a beacon's value of 32 or more hexadecimal digits, “lotto 6/49: 4 8 15 16 23 42 of 49”, or “dice: 3 1 4 …”, several joined by “;”";

    /// <summary>How a source is named before its value is known.</summary>
    public const string NamedForms = "“drand quicknet round 27946612: beacon”, “lotto of 9 May: lottery of 49” or “stage: dice”";

    /// <summary>What <c>--randomness</c> takes, for help.</summary>
    public const string Help = "Public randomness that came after the manifest, at least 128 bits: " + Forms + ".";

    /// <summary>Reads sources; null, with problems added, when they have no such form or hold fewer than 128 bits together.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="problems">Receives what is wrong.</param>
    /// <param name="allowThreeDice">Whether three dice alone do: where they are the number of one of 1,000 panels.</param>
    public static IReadOnlyList<DrawSource>? Read(string text, List<SheetProblem> problems, bool allowThreeDice = false)
    {
        int before = problems.Count;
        List<DrawSource> sources = [];
        foreach (string part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            DrawSource source = Source(part);
            if (source.IsWellFormed)
            {
                sources.Add(source);
            }
            else
            {
                problems.Add(new SheetProblem("option-value", "", Column: "--randomness", Value: SheetProblem.Shorten(part), Expected: Forms));
            }
        }

        bool three = allowThreeDice && sources is [{ Kind: DrawSourceKind.Dice, Values.Count: 3 }];
        if (problems.Count == before && !three && !DrawSource.AreEnough(sources))
        {
            string bits = sources.Sum(source => source.Bits).ToString(CultureInfo.InvariantCulture);
            problems.Add(new SheetProblem("too-few-bits", "", Column: "--randomness", Value: bits, Expected: DrawSource.RequiredBits.ToString(CultureInfo.InvariantCulture)));
        }

        return problems.Count == before ? sources : null;
    }

    /// <summary>Reads sources that are named before they exist: <c>name: beacon</c>, <c>name: dice</c>, <c>name: lottery of 49</c>.</summary>
    public static IReadOnlyList<DrawSource>? ReadNames(string text, List<SheetProblem> problems)
    {
        int before = problems.Count;
        List<DrawSource> sources = [];
        foreach (string part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = part.LastIndexOf(':');
            string name = colon < 0 ? "" : part[..colon].Trim();
            string[] words = part[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            DrawSource? source = words switch
            {
                ["beacon"] => new DrawSource(DrawSourceKind.Beacon, name.Length == 0 ? "beacon" : name, 0, []),
                ["dice"] => new DrawSource(DrawSourceKind.Dice, name.Length == 0 ? "dice" : name, 0, []),
                ["lottery", "of", var outOf] when int.TryParse(outOf, NumberStyles.None, CultureInfo.InvariantCulture, out int most) => new DrawSource(DrawSourceKind.NumberLottery, name.Length == 0 ? "lottery" : name, most, []),
                _ => null,
            };
            if (source is null)
            {
                problems.Add(new SheetProblem("option-value", "", Column: "--randomness", Value: SheetProblem.Shorten(part), Expected: NamedForms));
            }
            else
            {
                sources.Add(source);
            }
        }

        if (sources.Count == 0 && problems.Count == before)
        {
            problems.Add(new SheetProblem("option-value", "", Column: "--randomness", Value: "", Expected: NamedForms));
        }

        return problems.Count == before ? sources : null;
    }

    private static DrawSource Source(string part)
    {
        int colon = part.LastIndexOf(':');
        string name = colon < 0 ? "" : part[..colon].Trim();
        string[] values = part[(colon + 1)..].Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        if (values is [.., "of", var outOf] && int.TryParse(outOf, NumberStyles.None, CultureInfo.InvariantCulture, out int most))
        {
            return new DrawSource(DrawSourceKind.NumberLottery, Named("lottery"), most, values[..^2]);
        }

        // One long value is a beacon's, even when no letter happens to be among its digits; dice say so.
        if (values is [{ Length: >= 32 } value] && !name.StartsWith("dice", StringComparison.OrdinalIgnoreCase))
        {
            return new DrawSource(DrawSourceKind.Beacon, Named("beacon"), 0, [value.ToLowerInvariant()]);
        }

        // All in one run or each by itself: "4 11" is no throw of ten-sided dice, and a slip must not choose a panel.
        return new DrawSource(DrawSourceKind.Dice, Named("dice"), 0, values is [var run] ? [.. run.Select(digit => digit.ToString())] : values);

        string Named(string kind) => name.Length == 0 ? kind : name;
    }
}
