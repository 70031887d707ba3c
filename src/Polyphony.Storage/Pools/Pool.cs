using Polyphony.Dialogues;

namespace Polyphony.Storage.Pools;

/// <summary>A criterion by which the panel must mirror the population.</summary>
[NotPersonal]
public sealed class Criterion
{
    public CriterionId Id { get; set; }

    public DialogueId DialogueId { get; set; }

    public SiteId SiteId { get; set; }

    public int Position { get; set; }

    public string Name { get; set; } = "";

    public List<CriterionValue> Values { get; set; } = [];
}

/// <summary>A value of a criterion with its quota.</summary>
[NotPersonal]
public sealed class CriterionValue
{
    public Guid Id { get; set; }

    public CriterionId CriterionId { get; set; }

    public int Position { get; set; }

    public string Name { get; set; } = "";

    public int Min { get; set; }

    public int Max { get; set; }

    public int? MinFlex { get; set; }

    public int? MaxFlex { get; set; }

    /// <summary>Share in the population, 0 to 1.</summary>
    public double? Target { get; set; }

    /// <summary>How many with it were invited; null where nobody wrote it down.</summary>
    public int? Invited { get; set; }
}

/// <summary>A person in the identity vault. Nothing that is said or voted points here.</summary>
public sealed class Person
{
    public PersonId Id { get; set; }

    public DialogueId DialogueId { get; set; }

    [Personal(PersonalCategory.Identity, Retention.Recruitment)]
    public string Name { get; set; } = "";

    [Personal(PersonalCategory.Contact, Retention.Recruitment)]
    public string Email { get; set; } = "";

    /// <summary>Postal address, one line break between its lines, for letters.</summary>
    [Personal(PersonalCategory.Contact, Retention.Recruitment)]
    public string PostalAddress { get; set; } = "";

    /// <summary>Language of letters and pages; empty for the dialogue's first.</summary>
    [NotPersonal]
    public string Language { get; set; } = "";

    [Personal(PersonalCategory.Need, Retention.Recruitment)]
    public string AccessNeeds { get; set; } = "";

    [Personal(PersonalCategory.Need, Retention.Recruitment)]
    public string DietNeeds { get; set; } = "";

    [Personal(PersonalCategory.Need, Retention.Recruitment)]
    public string LanguageNeeds { get; set; } = "";

    [Personal(PersonalCategory.Need, Retention.Recruitment)]
    public string OtherNeeds { get; set; } = "";
}

/// <summary>Somebody who answered and is eligible, by criteria only; the name is in the vault.</summary>
public sealed class PoolMember
{
    public PoolMemberId Id { get; set; }

    public DialogueId DialogueId { get; set; }

    public SiteId SiteId { get; set; }

    public PersonId PersonId { get; set; }

    /// <summary>The id of the organiser's own list.</summary>
    [Personal(PersonalCategory.Identity, Retention.Recruitment)]
    public string ExternalId { get; set; } = "";

    /// <summary>Position of the person's value in each criterion, in the order of the criteria.</summary>
    [Personal(PersonalCategory.Criterion, Retention.Recruitment)]
    public List<int> Values { get; set; } = [];

    /// <summary>Normalised household columns; null for a household of one's own.</summary>
    [Personal(PersonalCategory.Contact, Retention.Recruitment)]
    public string? HouseholdKey { get; set; }

    /// <summary>128 random bits, printed on the person's letter and listed in public.</summary>
    [Personal(PersonalCategory.Identity, Retention.Recruitment)]
    public byte[] Ticket { get; set; } = [];

    /// <summary>256 random bits that keep the person's commitment from being guessed.</summary>
    [Personal(PersonalCategory.Credential, Retention.Recruitment)]
    public byte[] Nonce { get; set; } = [];
}

/// <summary>What an uploaded file is.</summary>
public enum UploadKind
{
    Pool = 1,
    Quotas = 2,
    Statements = 3,
}

/// <summary>A file that was uploaded and waits for mapping and confirmation; nothing of it counts yet.</summary>
public sealed class StagedUpload
{
    public Guid Id { get; set; }

    public DialogueId DialogueId { get; set; }

    /// <summary>The site that it is about; null for a file of many sites.</summary>
    public SiteId? SiteId { get; set; }

    public UploadKind Kind { get; set; }

    [NotPersonal]
    public string FileName { get; set; } = "";

    [Personal(PersonalCategory.Identity, Retention.Delivery)]
    public byte[] Content { get; set; } = [];

    [NotPersonal]
    public string MappingJson { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }
}
