using System.Net;
using System.Text.RegularExpressions;

namespace Polyphony.Web.Tests.Texts;

/// <summary>A piece of what a page says, with the language and direction that the elements around it give to it.</summary>
internal sealed partial record SpokenText(string Text, string Language, string Direction)
{
    private static readonly HashSet<string> Empty = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

    /// <summary>Everything that stands in elements; titles can hold no marks and fields bear their own: both are left out.</summary>
    public static IReadOnlyList<SpokenText> Of(string html)
    {
        List<SpokenText> found = [];
        Stack<(string Name, string Language, string Direction)> open = new([("", "", "")]);
        int at = 0;
        foreach (Match tag in Tag().Matches(html))
        {
            (string name, string language, string direction) = open.Peek();
            string text = WebUtility.HtmlDecode(html[at..tag.Index]);
            if (name is not ("" or "title" or "textarea") && !string.IsNullOrWhiteSpace(text))
            {
                found.Add(new(text, language, direction));
            }

            at = tag.Index + tag.Length;
            string element = tag.Groups[2].Value;
            if (tag.Groups[1].Length > 0)
            {
                Assert.Equal(element, name);
                open.Pop();
            }
            else if (!Empty.Contains(element) && !tag.Value.EndsWith("/>", StringComparison.Ordinal))
            {
                open.Push((element, Attribute(tag.Value, "lang") ?? language, Attribute(tag.Value, "dir") ?? direction));
            }
        }

        return found;
    }

    private static string? Attribute(string tag, string name) => Regex.Match(tag, $" {name}=\"([^\"]*)\"") is { Success: true } found ? found.Groups[1].Value : null;

    [GeneratedRegex("<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?:\"[^\"]*\"|[^\">])*>")]
    private static partial Regex Tag();
}
