using System.Text;

namespace Polyphony.Browser.Tests.Hostile;

/// <summary>Texts that try to be more than text. Each that runs says <c>__xss</c>, by a mark on the window or a dialog.</summary>
internal static class HostileTexts
{
    public static readonly IReadOnlyList<string> All =
    [
        "<script>window.__xss=1</script>",
        "<script>alert('__xss')</script>",
        "</title><script>window.__xss=1</script>",
        "</textarea><script>window.__xss=1</script>",
        "</script><script>window.__xss=1</script>",
        "<img src=x onerror=window.__xss=1>",
        "<svg onload=window.__xss=1>",
        "<svg><script>window.__xss=1</script></svg>",
        "<math><mtext><img src=x onerror=window.__xss=1>",
        "<details open ontoggle=window.__xss=1>",
        "<iframe srcdoc='<script>parent.__xss=1</script>'>",
        "<body onpageshow=window.__xss=1>",
        "\"><img src=x onerror=window.__xss=1>",
        "' autofocus onfocus='window.__xss=1",
        "\" autofocus onfocus=\"window.__xss=1",
        "x onmouseover=window.__xss=1 style=position:fixed;inset:0",
        "javascript:window.__xss=1",
        "JaVaScRiPt:alert('__xss')//",
        "data:text/html,<script>alert('__xss')</script>",
        "<a href=\"javascript:window.__xss=1\">here</a>",
        "<form action=javascript:alert('__xss')><button>go",
        "<style>*{background:url(//x.example/__xss)}</style>",
        "<!-- <img src=x onerror=window.__xss=1> -->",
        "<<script>script>window.__xss=1//<</script>",
        "&lt;script&gt;window.__xss=1&lt;/script&gt;",
        "{{constructor.constructor('window.__xss=1')()}}",
        "${window.__xss=1} @(1+1) <%= 7*7 %>",
        "＜script＞window.__xss=1＜/script＞",
        "{name} {n} {title} {0} %s ⟦x⟧",
        "\u202e>tpircs/<1=ssx__.wodniw>tpircs<",
        "a\u200bb\ufeffc\u0007d\u001be <b>bold</b>",
        "=HYPERLINK(\"javascript:window.__xss=1\",\"x\")",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
    ];

    /// <summary>All of them, several in one, for what is typed and opened again and again: what counts only where a text begins stands first in each.</summary>
    public static readonly IReadOnlyList<string> Bundles = Bundle();

    /// <summary>A text by any number, round and round.</summary>
    public static string At(int number) => All[number % All.Count];

    /// <summary>A bundle by any number, round and round.</summary>
    public static string BundleAt(int number) => Bundles[number % Bundles.Count];

    /// <summary>A sheet with every cell as it is, quoted: the reader must bear formulas, the writer must not make them.</summary>
    public static byte[] Csv(IEnumerable<IEnumerable<string>> rows) =>
        Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => string.Join(',', row.Select(cell => '"' + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + '"')) + "\r\n")));

    private static List<string> Bundle()
    {
        // No longer than a title may be.
        const int Longest = 120;
        string[] first = [.. All.Where(text => text[0] is '"' or '\'' or '=' or '@' or '-' or 'x' or 'd' or 'j' or 'J' or '{')];
        List<string> bundles = [.. first];
        foreach (string text in All.Except(first))
        {
            int room = bundles.FindIndex(bundle => bundle.Length + 1 + text.Length <= Longest);
            if (room < 0)
            {
                bundles.Add(text);
            }
            else
            {
                bundles[room] += " " + text;
            }
        }

        return bundles;
    }
}
