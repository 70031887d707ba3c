using System.Globalization;
using System.Text;
using QRCoder;

namespace Polyphony.Cli.Invite;

/// <summary>A file of letters to print: HTML without a script, one page a letter.</summary>
internal static class LetterSheet
{
    /// <summary>The beginning of a file. An envelope's window is where it is, in whatever direction the letter runs.</summary>
    public static string Begin(bool windowAtRight, string language, string title) => $$"""
        <!doctype html>
        <html lang="{{language}}">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>{{LetterTemplate.Escape(title)}}</title>
        <style>
        @page { size: A4; margin: 0 }
        * { box-sizing: border-box; margin: 0 }
        body { background: #e8e6e1; color: #111; font: 11pt/1.45 "Source Serif 4", "Noto Serif", Georgia, "Times New Roman", serif; }
        .letter { inline-size: 210mm; max-inline-size: 100%; min-block-size: 296mm; margin: 8mm auto; padding: 0 25mm 18mm; background: #fff; display: flow-root; break-after: page; }
        .letter { --window: {{(windowAtRight ? "80mm" : "0mm")}}; }
        .letter[dir=rtl] { --window: {{(windowAtRight ? "0mm" : "80mm")}}; }
        .letter:last-child { break-after: auto; }
        .to { margin-block-start: 50mm; margin-inline-start: var(--window); inline-size: 80mm; max-inline-size: 100%; min-block-size: 42mm; font-style: normal; line-height: 1.3; overflow-wrap: anywhere; }
        .letter > :not(.to) + * { margin-block-start: 4mm; }
        .to + * { margin-block-start: 8mm; }
        h1 { font-size: 15pt; line-height: 1.25; }
        blockquote { font-size: 13pt; font-style: italic; padding-inline-start: 5mm; border-inline-start: 0.6mm solid #111; }
        .qr { display: flex; gap: 6mm; align-items: center; break-inside: avoid; }
        .qr svg { inline-size: 40mm; block-size: 40mm; margin-block: -2mm; margin-inline-start: -4mm; flex: none; }
        .qr p { font-family: ui-monospace, "Noto Sans Mono", monospace; font-size: 10pt; overflow-wrap: anywhere; }
        @media (max-width: 210mm) { .letter { margin: 0 0 8mm; padding-inline: 6vw; } .to { margin-inline-start: 0; margin-block-start: 12mm; } }
        @media print { body { background: none; } .letter { margin: 0; padding-inline: 25mm; } .to { margin-block-start: 50mm; margin-inline-start: var(--window); } }
        </style>
        </head>
        <body>

        """;

    public const string End = "</body>\n</html>\n";

    /// <summary>The address as it shows in the window, then the text.</summary>
    public static void Write(TextWriter html, LetterTemplate template, IReadOnlyList<string> address, string link, Func<string, string> value)
    {
        html.Write($"<article class=\"letter\" lang=\"{template.Language}\" dir=\"{(template.IsRightToLeft ? "rtl" : "ltr")}\">\n<address class=\"to\">");
        html.Write(string.Join("<br>", address.Select(line => $"<bdi>{LetterTemplate.Escape(line)}</bdi>")));
        html.Write("</address>\n");
        template.Write(html, value, Square(link));
        html.Write("</article>\n");
    }

    /// <summary>The link as a square to scan and as text; whoever cannot see the square has the text.</summary>
    private static string Square(string link)
    {
        using QRCodeData data = QRCodeGenerator.GenerateQrCode(link, QRCodeGenerator.ECCLevel.M);
        StringBuilder path = new();
        for (int y = 0; y < data.ModuleMatrix.Count; y++)
        {
            for (int x = 0; x < data.ModuleMatrix[y].Count; x++)
            {
                int from = x;
                while (x < data.ModuleMatrix[y].Count && data.ModuleMatrix[y][x])
                {
                    x++;
                }

                if (x > from)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{from} {y}h{x - from}v1h-{x - from}z");
                }
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"<div class=\"qr\"><svg viewBox=\"0 0 {data.ModuleMatrix.Count} {data.ModuleMatrix.Count}\" shape-rendering=\"crispEdges\" aria-hidden=\"true\"><path d=\"{path}\"/></svg><p dir=\"ltr\">{LetterTemplate.Escape(link)}</p></div>\n");
    }
}
