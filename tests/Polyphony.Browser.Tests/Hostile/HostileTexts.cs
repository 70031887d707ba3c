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

    /// <summary>A text by any number, round and round.</summary>
    public static string At(int number) => All[number % All.Count];

    /// <summary>A sheet with every cell as it is, quoted: the reader must bear formulas, the writer must not make them.</summary>
    public static byte[] Csv(IEnumerable<IEnumerable<string>> rows) =>
        Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => string.Join(',', row.Select(cell => '"' + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + '"')) + "\r\n")));
}
