namespace Polyphony.Browser.Tests.Browsing;

/// <summary>What axe-core has examined in this run. Each page is examined in each language and at each width; what it shows later, or another journey of it, is examined where
/// there is a kind of element that nobody has examined in that language at that width. To examine every state everywhere takes more than twice as long.</summary>
internal sealed class Examined
{
    private readonly Lock gate = new();
    private readonly HashSet<(string Page, string Language, int Width)> pages = [];
    private readonly Dictionary<(string Language, int Width), HashSet<string>> kinds = [];

    /// <summary>Whether a page must be examined; from then on it is taken as examined.</summary>
    /// <param name="page">Its address, dialogue and identifiers left out.</param>
    /// <param name="language">The language it is in.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="shown">The kinds of elements on it.</param>
    public bool HasNew(string page, string language, int width, IEnumerable<string> shown)
    {
        lock (gate)
        {
            bool isNew = pages.Add((page, language, width));
            if (!kinds.TryGetValue((language, width), out HashSet<string>? known))
            {
                kinds[(language, width)] = known = [];
            }

            foreach (string kind in shown)
            {
                isNew |= known.Add(kind);
            }

            return isNew;
        }
    }
}
