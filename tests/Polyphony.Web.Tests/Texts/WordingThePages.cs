using System.Text.RegularExpressions;
using Polyphony.Web.Tests.Server;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Tests.Texts;

public sealed class WordingThePages(TestServer server)
{
    private static readonly WebSource Source = WebSource.Read();
    private static readonly TextCatalogue Catalogue = new();

    public static TheoryData<string> Languages => [.. TextCatalogue.Shipped];

    [Fact]
    public void The_codes_of_every_key_made_at_run_time_are_known() => Nothing(TextChecks.UnknownPatterns(Source));

    [Fact]
    public void Every_list_of_codes_holds_some() =>
        Nothing(RunTimeKeys.Of(Source).Where(pair => pair.Value.Codes.Length == 0).Select(pair => pair.Key));

    [Theory, MemberData(nameof(Languages))]
    public void Every_text_that_can_be_asked_for_is_written(string language) => Nothing(TextChecks.Missing(Source, Catalogue.All(language)));

    [Theory, MemberData(nameof(Languages))]
    public void No_text_is_written_in_vain(string language) => Nothing(TextChecks.Unused(Source, Catalogue.All(language)));

    [Theory, MemberData(nameof(Languages))]
    public void Every_placeholder_gets_its_value(string language) => Nothing(TextChecks.Unfilled(Source, Catalogue.All(language)));

    [Theory, MemberData(nameof(Languages))]
    public void A_language_has_what_English_has(string language) => Nothing(TextChecks.Differences(Catalogue.All(TextCatalogue.Fallback), Catalogue.All(language)));

    [Theory, MemberData(nameof(Languages))]
    public void Quotes_and_dots_are_those_of_print(string language) => Nothing(TextChecks.Typewritten(Catalogue.All(language)));

    private static void Nothing(IEnumerable<string> found)
    {
        string all = string.Join('\n', found);
        Assert.True(all.Length == 0, all);
    }

    [Fact]
    public void No_French_line_begins_with_a_sign() =>
        Assert.DoesNotContain(Catalogue.All("fr").Values, text => Regex.IsMatch(text, " [:;?!%»]|« "));

    [Fact]
    public void The_pseudo_language_stretches_and_keeps_placeholders()
    {
        foreach ((string key, string english) in Catalogue.All(TextCatalogue.Fallback))
        {
            string pseudo = PseudoLocale.Of(english);
            Assert.StartsWith("[", pseudo, StringComparison.Ordinal);
            Assert.True(pseudo.Length > english.Length, key);
            Assert.Equal(TextChecks.Placeholders(english), TextChecks.Placeholders(pseudo));
        }
    }

    [Fact]
    public async Task A_page_can_be_read_from_right_to_left()
    {
        using Visitor visitor = new(server.Address);
        Page mirrored = await visitor.OpenAsync("/account/sign-in?lang=qps-plocm");
        Assert.Contains("dir=\"rtl\"", mirrored.Html, StringComparison.Ordinal);
        Assert.Contains(PseudoLocale.Of(Catalogue.All("en")["accounts.sign-in"]), mirrored.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_speaks_the_language_of_the_browser()
    {
        using Visitor visitor = new(server.Address);
        HttpRequestMessage request = new(HttpMethod.Get, "/account/sign-in");
        request.Headers.Add("Accept-Language", "fr-CH, fr;q=0.9, en;q=0.8");
        string html = await (await visitor.SendAsync(request)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("<html lang=\"fr\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("⟦", html, StringComparison.Ordinal);
    }
}

/// <summary>The checks themselves, each with a fault planted.</summary>
public sealed class CheckingTexts
{
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["a.title"] = "Title",
        ["a.people.one"] = "{n} person",
        ["a.people.other"] = "{n} people",
        ["a.vain"] = "Nobody reads this",
    };

    private static WebSource Page(string razor) => new([KeyValuePair.Create("A/APage.razor", razor)]);

    [Fact]
    public void A_key_of_a_page_is_seen() => Assert.Equal(["a.title", "a.people", "a.x.*", "a.*.hint", "a.b", "a.c"], Page(
        """<h1>@T["a.title"]</h1> @T["a.people", ("n", 3)] @T["a.x." + code] @T[$"a.{field}.hint"] @T[list[0] ? "a.b" : "a.c"]""").Uses().Select(use => use.Key));

    [Fact]
    public void A_value_that_is_not_given_is_seen() => Assert.Equal(
        ["A/APage.razor: a.people.one has {n}, which is not given", "A/APage.razor: a.people.other has {n}, which is not given"], TextChecks.Unfilled(Page("""@T["a.people", ("m", 3)]"""), Texts));

    [Fact]
    public void A_difference_between_languages_is_seen() => Assert.Equal(
        ["a.vain is in one language only", "a.people.other has other placeholders in the other language", "a.title is empty"],
        TextChecks.Differences(Texts, new Dictionary<string, string> { ["a.title"] = "", ["a.people.one"] = "{n} personne", ["a.people.other"] = "des personnes" }));

    [Theory, InlineData("don't"), InlineData("\"so\""), InlineData("wait..."), InlineData("two  blanks"), InlineData(" first"), InlineData("last "), InlineData("a - b")]
    public void A_typewriter_is_seen(string text) => Assert.NotEmpty(TextChecks.Typewritten(new Dictionary<string, string> { ["a.title"] = text }));

    [Fact]
    public void Codes_and_fields_of_a_form_are_seen()
    {
        WebSource form = new([KeyValuePair.Create("A/EditA.cs", """FieldProblems problems; problems.Required("name", x); problems.Add("title." + language, y ? "too-odd" : "too-even", ("max", 3)); list.Add((a, "no-code"));""")]);
        Assert.Equal(["too-odd", "too-even"], form.FieldCodes("A/"));
        Assert.Equal(["title", "name"], form.FieldNames("A/"));
    }
}
