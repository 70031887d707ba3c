using System.Text.RegularExpressions;

namespace Polyphony.Web.Tests.Texts;

/// <summary>A text that a page or slice asks for.</summary>
/// <param name="Key">The key, or a pattern with <c>*</c> where a value is put in at run time.</param>
/// <param name="Values">Names of the values that are given with it.</param>
/// <param name="Place">File, for the message.</param>
internal sealed record TextUse(string Key, IReadOnlyList<string> Values, string Place)
{
    public bool IsPattern => Key.Contains('*', StringComparison.Ordinal);
}

/// <summary>Reads the server's own source for the texts it asks for and the codes it makes.</summary>
internal sealed partial class WebSource
{
    private readonly Dictionary<string, string> files;

    public WebSource(IEnumerable<KeyValuePair<string, string>> files) => this.files = new(files, StringComparer.Ordinal);

    public static WebSource Read()
    {
        string root = Polyphony.Tests.Repository.PathOf("src");
        return new(((string[])["Polyphony.Web", "Polyphony.Sheets"]).SelectMany(project => Directory.EnumerateFiles(Path.Combine(root, project), "*", SearchOption.AllDirectories))
            .Where(path => Path.GetExtension(path) is ".cs" or ".razor")
            .Select(path => KeyValuePair.Create(Path.GetRelativePath(root, path).Replace('\\', '/').Replace("Polyphony.Web/", "", StringComparison.Ordinal), Comment().Replace(File.ReadAllText(path), ""))));
    }

    /// <summary>Every text asked for: <c>T["key"]</c>, <c>T[condition ? "a.b" : "c.d"]</c>, <c>T["prefix." + code]</c>, <c>T[$"a.{b}.c"]</c>.</summary>
    public IReadOnlyList<TextUse> Uses()
    {
        List<TextUse> uses = [];
        foreach ((string path, string text) in files)
        {
            foreach (Match asked in AskedFor().Matches(text))
            {
                string inside = Joined().Replace(Balanced(text, asked.Index + asked.Length), "*");
                string[] values = [.. ValueName().Matches(inside).Select(value => value.Groups[1].Value)];
                foreach (Match literal in Literal().Matches(inside))
                {
                    string key = Hole().Replace(literal.Groups[1].Value, "*");
                    if (key.StartsWith('.') && SuffixShape().IsMatch(key))
                    {
                        uses.Add(new("*" + key, values, path));
                    }
                    else if (KeyShape().IsMatch(key) && key.Contains('.', StringComparison.Ordinal))
                    {
                        uses.Add(new(key.EndsWith('.') ? key + "*" : key, values, path));
                    }
                }
            }
        }

        return uses;
    }

    /// <summary>All string literals of the source: a key that is handed on under another name counts as used.</summary>
    public IReadOnlySet<string> AllLiterals() => files.Values.SelectMany(text => Literal().Matches(text)).Select(literal => literal.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>What the first group of a pattern finds in files whose path begins so.</summary>
    public string[] Find(string path, string pattern) =>
        [.. Under(path).SelectMany(text => Regex.Matches(text, pattern, RegexOptions.Singleline)).SelectMany(match => match.Groups.Values.Skip(1)).SelectMany(group => group.Captures).Select(capture => capture.Value).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>All literals within what a pattern finds.</summary>
    public string[] LiteralsIn(string path, string pattern) =>
        [.. Under(path).SelectMany(text => Regex.Matches(text, pattern, RegexOptions.Singleline)).SelectMany(match => Literal().Matches(match.Value)).Select(literal => literal.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Codes that redirects carry in their address, such as <c>?problem=frozen</c>.</summary>
    public string[] RedirectCodes(string path, string name) => Find(path, @"[?&]" + name + "=([a-z][a-z-]*)\"?");

    /// <summary>Codes with which fields of forms are refused.</summary>
    public string[] FieldCodes(string path) => [.. Added(path).Where(call => call.Length > 1).SelectMany(call => Literal().Matches(call[1])).Select(code => code.Groups[1].Value).Where(code => CodeShape().IsMatch(code)).Distinct()];

    /// <summary>Names of the fields that forms of a feature check, without language.</summary>
    public string[] FieldNames(string path) =>
    [
        .. Added(path).Where(call => call.Length > 1).Select(call => call[0])
            .Concat(Under(path).SelectMany(text => FieldRule().Matches(text)).Select(rule => rule.Groups[1].Value))
            .SelectMany(first => Literal().Matches(first)).Select(name => name.Groups[1].Value.Split('.')[0]).Where(name => FieldShape().IsMatch(name)).Distinct(),
    ];

    private IEnumerable<string[]> Added(string path) => Under(path)
        .Where(text => text.Contains("FieldProblem", StringComparison.Ordinal))
        .SelectMany(text => AddCall().Matches(text).Select(call => Arguments(Balanced(text, call.Index + call.Length))));

    private IEnumerable<string> Under(string path)
    {
        string[] found = [.. files.Where(file => file.Key.StartsWith(path, StringComparison.Ordinal)).Select(file => file.Value)];
        return found.Length > 0 ? found : throw new InvalidOperationException($"There is no source under {path}: has it moved?");
    }

    private static string Balanced(string text, int from)
    {
        int depth = 1;
        int at = from;
        while (depth > 0 && at < text.Length)
        {
            depth += text[at] switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
            at++;
        }

        return text[from..(at - 1)];
    }

    private static string[] Arguments(string inside)
    {
        List<string> arguments = [""];
        int depth = 0;
        foreach (char c in inside)
        {
            depth += c switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
            if (c == ',' && depth == 0)
            {
                arguments.Add("");
            }
            else
            {
                arguments[^1] += c;
            }
        }

        return [.. arguments];
    }

    [GeneratedRegex(@"^\s*///?.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?:\bT|\bL|\b[Tt]exts)(?:\[|\.Has\(|\.Marked\()|\bterminal\.(?:Word|Say|Refuse)\(|\bterminal\.(?:Say|Refuse|Word)\(")]
    private static partial Regex AskedFor();

    [GeneratedRegex("\"((?:[^\"\\\\\n]|\\\\.)*)\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@""" \+ [\w.]+ \+ """)]
    private static partial Regex Joined();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"\(\s*""(\w+)""\s*,")]
    private static partial Regex ValueName();

    [GeneratedRegex(@"^[a-z][A-Za-z0-9-]*(\.[A-Za-z0-9*-]+)*\.?$")]
    private static partial Regex KeyShape();

    [GeneratedRegex(@"^\.[a-z][A-Za-z0-9.-]*$")]
    private static partial Regex SuffixShape();

    [GeneratedRegex("^[a-z][a-z0-9-]*$")]
    private static partial Regex CodeShape();

    [GeneratedRegex("^[a-z][A-Za-z]*$")]
    private static partial Regex FieldShape();

    [GeneratedRegex(@"\bAdd\((?!new)|\bnew(?: FieldProblem)?\((?=""|field,)")]
    private static partial Regex AddCall();

    [GeneratedRegex(@"\.(?:Required|NoLonger|Email)\((""[^""]*"")")]
    private static partial Regex FieldRule();
}
