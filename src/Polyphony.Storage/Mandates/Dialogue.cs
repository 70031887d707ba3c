using Polyphony.Dialogues;

namespace Polyphony.Storage.Mandates;

/// <summary>One question put to citizens, with its mandate.</summary>
[NotPersonal]
public sealed class Dialogue
{
    public DialogueId Id { get; set; }

    public string Slug { get; set; } = "";

    /// <summary>Language codes, the first one being the fallback.</summary>
    public List<string> Languages { get; set; } = [];

    public LocalizedText Title { get; set; } = LocalizedText.Empty;

    public LocalizedText Question { get; set; } = LocalizedText.Empty;

    /// <summary>What is open and what is closed: the frame that citizens read.</summary>
    public LocalizedText Frame { get; set; } = LocalizedText.Empty;

    public LocalizedText Commissioner { get; set; } = LocalizedText.Empty;

    /// <summary>Who answers the citizens.</summary>
    public LocalizedText Addressee { get; set; } = LocalizedText.Empty;

    /// <summary>What the addressee has promised to do with the results.</summary>
    public LocalizedText Promise { get; set; } = LocalizedText.Empty;

    /// <summary>What is asked of people and what happens with their data, in languages in which the server has no words for it.</summary>
    public LocalizedText ConsentText { get; set; } = LocalizedText.Empty;

    /// <summary>The sentence to which people say yes below that text.</summary>
    public LocalizedText ConsentSentence { get; set; } = LocalizedText.Empty;

    public DateOnly? AnswerBy { get; set; }

    public DecisionRule DecisionRule { get; set; }

    public DateOnly? StartsOn { get; set; }

    public DateOnly? EndsOn { get; set; }

    /// <summary>The organiser's contact as printed on every citizen page: an office, meant to be public.</summary>
    public string ContactName { get; set; } = "";

    public string ContactEmail { get; set; } = "";

    public string ContactPhone { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the public page was published; null while it is a draft.</summary>
    public DateTimeOffset? PublishedAt { get; set; }

    /// <summary>Set anew at each change by the application: two organisers cannot overwrite each other.</summary>
    public Guid Version { get; set; }

    public List<Site> Sites { get; set; } = [];

    /// <summary>The language in which texts are shown when they miss in the reader's.</summary>
    public string FallbackLanguage => Languages.Count > 0 ? Languages[0] : "en";
}

/// <summary>A place where a dialogue meets.</summary>
[NotPersonal]
public sealed class Site
{
    public SiteId Id { get; set; }

    public DialogueId DialogueId { get; set; }

    /// <summary>Short name in addresses, files and draws, such as FR or DE-1; may be empty while there is one site only.</summary>
    public string Code { get; set; } = "";

    /// <summary>0, 1, 2 … in the dialogue, without gaps; the hundreds of the numbers of its tables.</summary>
    public int Position { get; set; }

    public string Name { get; set; } = "";

    /// <summary>The venue's address as citizens read it.</summary>
    public string Address { get; set; } = "";

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string Country { get; set; } = "";

    /// <summary>IANA time zone.</summary>
    public string TimeZone { get; set; } = "";

    public int PlannedParticipants { get; set; }

    /// <summary>How many numbers of tables each site of several has.</summary>
    public const int TableNumbers = 100;

    /// <summary>The number of its first table: 1, or in a dialogue of many sites 101, 201 … so that a number is one table in the whole dialogue.</summary>
    public int FirstTable => (Position * TableNumbers) + 1;

    public bool HoldsTable(int table) => table >= FirstTable && table < FirstTable + TableNumbers - 1;
}
