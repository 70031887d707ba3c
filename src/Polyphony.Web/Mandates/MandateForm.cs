using System.Globalization;
using Polyphony.Dialogues;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Shared;

namespace Polyphony.Web.Mandates;

/// <summary>What an organiser typed about a dialogue, kept as typed so that a page with errors loses nothing.</summary>
public sealed class MandateForm
{
    /// <summary>The texts that are written in each language of the dialogue.</summary>
    public static readonly IReadOnlyList<string> LocalizedFields = ["title", "question", "frame", "commissioner", "addressee", "promise"];

    /// <summary>The texts that are written in the languages alone in which the server has no words of consent.</summary>
    public static readonly IReadOnlyList<string> ConsentFields = ["consentText", "consentSentence"];

    private readonly Dictionary<string, string> fields;

    private MandateForm(Dictionary<string, string> fields, IReadOnlyList<string> languages)
    {
        this.fields = fields;
        Languages = languages;
    }

    public IReadOnlyList<string> Languages { get; }

    public string this[string field] => fields.GetValueOrDefault(field, "");

    public string In(string field, string language) => this[field + "." + language];

    public LocalizedText Text(string field) => LocalizedText.Of(Languages.Select(language => KeyValuePair.Create(language, In(field, language))));

    public static MandateForm From(IFormCollection form)
    {
        string[] languages = [.. form["languages"].OfType<string>().SelectMany(text => text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
            .Select(language => language.Trim().ToLowerInvariant()).Distinct()];
        return new(form.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal), languages);
    }

    public static MandateForm From(Dialogue dialogue)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal)
        {
            ["decisionRule"] = dialogue.DecisionRule.ToString(),
            ["answerBy"] = Iso(dialogue.AnswerBy),
            ["startsOn"] = Iso(dialogue.StartsOn),
            ["endsOn"] = Iso(dialogue.EndsOn),
            ["contactName"] = dialogue.ContactName,
            ["contactEmail"] = dialogue.ContactEmail,
            ["contactPhone"] = dialogue.ContactPhone,
            ["version"] = dialogue.Version.ToString("N"),
            ["slug"] = dialogue.Slug,
        };
        if (dialogue.Sites.FirstOrDefault() is { } site)
        {
            fields["siteName"] = site.Name;
            fields["siteAddress"] = site.Address;
            fields["country"] = site.Country;
            fields["timeZone"] = site.TimeZone;
            fields["planned"] = site.PlannedParticipants > 0 ? site.PlannedParticipants.ToString(CultureInfo.InvariantCulture) : "";
        }

        foreach (string language in dialogue.Languages)
        {
            fields["title." + language] = dialogue.Title.Exactly(language) ?? "";
            fields["question." + language] = dialogue.Question.Exactly(language) ?? "";
            fields["frame." + language] = dialogue.Frame.Exactly(language) ?? "";
            fields["commissioner." + language] = dialogue.Commissioner.Exactly(language) ?? "";
            fields["addressee." + language] = dialogue.Addressee.Exactly(language) ?? "";
            fields["promise." + language] = dialogue.Promise.Exactly(language) ?? "";
            fields["consentText." + language] = dialogue.ConsentText.Exactly(language) ?? "";
            fields["consentSentence." + language] = dialogue.ConsentSentence.Exactly(language) ?? "";
        }

        return new(fields, dialogue.Languages);
    }

    /// <summary>Everything that is wrong with what was typed; a draft may leave most of it empty.</summary>
    public IReadOnlyList<FieldProblem> Check()
    {
        FieldProblems problems = new();
        if (Languages.Count == 0)
        {
            problems.Add("languages", "required");
        }

        foreach (string language in Languages.Where(language => !DialogueLanguages.IsKnown(language)))
        {
            problems.Add("languages", "unknown-language", ("value", language));
        }

        string first = Languages.Count > 0 ? Languages[0] : "en";
        problems.Required("title." + first, In("title", first), 120);
        problems.Required("question." + first, In("question", first), 400);
        foreach (string language in Languages)
        {
            problems.NoLonger("frame." + language, In("frame", language), 4_000);
            problems.NoLonger("commissioner." + language, In("commissioner", language), 300);
            problems.NoLonger("addressee." + language, In("addressee", language), 300);
            problems.NoLonger("promise." + language, In("promise", language), 2_000);
            problems.NoLonger("consentText." + language, In("consentText", language), 4_000);
            problems.NoLonger("consentSentence." + language, In("consentSentence", language), 300);
        }

        problems.Email("contactEmail", this["contactEmail"]);
        problems.NoLonger("contactName", this["contactName"], 200).NoLonger("contactPhone", this["contactPhone"], 50);
        problems.NoLonger("siteName", this["siteName"], 200).NoLonger("siteAddress", this["siteAddress"], 500);
        foreach (string date in (string[])["answerBy", "startsOn", "endsOn"])
        {
            if (this[date].Length > 0 && Day(date) is null)
            {
                problems.Add(date, "not-a-date");
            }
        }

        if (Day("startsOn") is { } start && Day("endsOn") is { } end && end < start)
        {
            problems.Add("endsOn", "ends-before-start");
        }

        if (Day("startsOn") is { } day && Day("answerBy") is { } answer && answer < day)
        {
            problems.Add("answerBy", "answer-before-start");
        }

        if (this["decisionRule"].Length > 0 && Rule() is null)
        {
            problems.Add("decisionRule", "not-one-of-these");
        }

        if (this["timeZone"].Length > 0 && !(this["timeZone"].Contains('/', StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(this["timeZone"], out _)))
        {
            problems.Add("timeZone", "unknown-time-zone", ("value", this["timeZone"]));
        }

        if (this["country"].Length > 0 && !Countries.IsKnown(this["country"]))
        {
            problems.Add("country", "unknown-country", ("value", this["country"]));
        }

        if (this["planned"].Length > 0 && Planned() is not (>= 2 and <= 2_000))
        {
            problems.Add("planned", "out-of-range", ("min", 2), ("max", 2_000));
        }

        return problems.All;
    }

    /// <summary>Writes what was typed into the dialogue; into one that is kept only when <see cref="Check"/> found nothing.</summary>
    public void ApplyTo(Dialogue dialogue)
    {
        dialogue.Languages = [.. Languages];
        dialogue.Title = Text("title");
        dialogue.Question = Text("question");
        dialogue.Frame = Text("frame");
        dialogue.Commissioner = Text("commissioner");
        dialogue.Addressee = Text("addressee");
        dialogue.Promise = Text("promise");
        dialogue.ConsentText = Text("consentText");
        dialogue.ConsentSentence = Text("consentSentence");
        dialogue.AnswerBy = Day("answerBy");
        dialogue.StartsOn = Day("startsOn");
        dialogue.EndsOn = Day("endsOn") ?? Day("startsOn");
        dialogue.DecisionRule = Rule() ?? DecisionRule.NoThreshold;
        dialogue.ContactName = this["contactName"].Trim();
        dialogue.ContactEmail = this["contactEmail"].Trim();
        dialogue.ContactPhone = this["contactPhone"].Trim();
    }

    public void ApplyTo(Site site)
    {
        site.Name = this["siteName"].Trim();
        site.Address = this["siteAddress"].Trim();
        site.Country = this["country"].Trim().ToUpperInvariant();
        site.TimeZone = this["timeZone"].Trim();
        site.PlannedParticipants = People;
    }

    /// <summary>The number of places as it would be kept; 0 when none is said.</summary>
    public int People => Planned() ?? 0;

    /// <summary>What a dialogue would be with what was typed: the only site is part of the form, several are not.</summary>
    public Dialogue Over(IReadOnlyList<Site> sites)
    {
        Dialogue dialogue = new();
        ApplyTo(dialogue);
        if (sites.Count > 1)
        {
            dialogue.Sites.AddRange(sites);
            return dialogue;
        }

        Site site = new();
        ApplyTo(site);
        dialogue.Sites.Add(site);
        return dialogue;
    }

    private DateOnly? Day(string field) =>
        DateOnly.TryParseExact(this[field], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;

    private DecisionRule? Rule() => Enum.TryParse(this["decisionRule"], out DecisionRule rule) && Enum.IsDefined(rule) ? rule : null;

    private int? Planned() => int.TryParse(this["planned"], NumberStyles.None, CultureInfo.InvariantCulture, out int planned) ? planned : null;

    private static string Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
