using System.Net;
using System.Text.RegularExpressions;

namespace Polyphony.Web.Tests.Votes;

/// <summary>Somebody before a ballot who sees one screen after the other and presses its buttons: what a screen carries hidden goes with it.</summary>
internal sealed partial class Booth(Visitor visitor)
{
    public Page Screen { get; private set; } = new("", HttpStatusCode.OK, "");

    public HttpResponseMessage Answer { get; private set; } = new();

    public async Task<Booth> OpenAsync(string path)
    {
        Screen = await visitor.OpenAsync(path);
        return this;
    }

    /// <summary>Goes back to a screen as a browser remembers it.</summary>
    public Booth Remember(Page screen)
    {
        Screen = screen;
        return this;
    }

    /// <summary>Presses a button, with what is ticked on the screen.</summary>
    public Task<Page> PressAsync(string go, params string[] ticked) => SendAsync(null, [("go", go), .. ticked.Select(value => ($"a{Step}", value))]);

    /// <summary>Sends the form of the screen.</summary>
    /// <param name="action">Where it goes; null: where the form says.</param>
    /// <param name="fields">What is pressed and filled in.</param>
    public async Task<Page> SendAsync(string? action, params IEnumerable<(string Name, string Value)> fields)
    {
        string path = action ?? WebUtility.HtmlDecode(ActionPattern().Match(Screen.Html).Groups[1].Value);
        IEnumerable<(string, string)> hidden = HiddenPattern().Matches(Screen.Html).Select(field => (field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value)));
        Answer = await visitor.PostAsync(path, path, new FormUrlEncodedContent(hidden.Concat(fields).Select(field => KeyValuePair.Create(field.Item1, field.Item2))));
        return Screen = Answer.Headers.Location is { } location ? await visitor.OpenAsync(location.ToString()) : new Page(path, Answer.StatusCode, await Answer.Content.ReadAsStringAsync());
    }

    /// <summary>What is ticked on the screen.</summary>
    public string[] Ticked => [.. TickedPattern().Matches(Screen.Html).Select(match => match.Groups[1].Value)];

    private string Step => StepPattern().Match(Screen.Html).Groups[1].Value;

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]+)\"")]
    private static partial Regex ActionPattern();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenPattern();

    [GeneratedRegex("name=\"step\" value=\"([^\"]+)\"")]
    private static partial Regex StepPattern();

    [GeneratedRegex("<input type=\"(?:radio|checkbox)\" name=\"a[0-9]+\" value=\"([^\"]+)\" checked")]
    private static partial Regex TickedPattern();
}
