using System.Globalization;
using Polyphony.Sheets;

namespace Polyphony.Web.Participants;

/// <summary>The part of the list that somebody looks at. It stands in the address, so that links, forms and the way back from them lead to the same part.</summary>
/// <param name="Show">Null for every state.</param>
/// <param name="Text">What is looked for; empty for everybody.</param>
/// <param name="Page">From 1.</param>
public sealed record ListPart(ContactStatus? Show, string Text, int Page)
{
    public static ListPart Read(IQueryCollection query) => new(
        Enum.TryParse(query["show"], out ContactStatus show) && Enum.IsDefined(show) ? show : null,
        CellText.Clean(query["q"].ToString()),
        int.TryParse(query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out int page) ? Math.Clamp(page, 1, 100_000) : 1);

    /// <summary>A path, with this part behind it.</summary>
    /// <param name="more">What else the address says, as <c>name=value</c>.</param>
    public string After(string path, string more = "")
    {
        string[] said =
        [
            more,
            Show is null ? "" : "show=" + Show,
            Text.Length == 0 ? "" : "q=" + Uri.EscapeDataString(Text),
            Page == 1 ? "" : "page=" + Page.ToString(CultureInfo.InvariantCulture),
        ];
        string query = string.Join('&', said.Where(part => part.Length > 0));
        return query.Length == 0 ? path : path + "?" + query;
    }
}
