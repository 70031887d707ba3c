namespace Polyphony.Storage;

/// <summary>What kind of personal data a property holds.</summary>
public enum PersonalCategory
{
    /// <summary>Name and the like.</summary>
    Identity,

    /// <summary>E-mail, telephone, address.</summary>
    Contact,

    /// <summary>Access, diet, language, other needs: may reveal health or belief.</summary>
    Need,

    /// <summary>Age band, gender and other criteria of a person.</summary>
    Criterion,

    /// <summary>A secret or code that belongs to one person.</summary>
    Credential,
}

/// <summary>How long personal data is kept.</summary>
public enum Retention
{
    /// <summary>Until three months after the draw for those not selected, twelve after the last event for the others.</summary>
    Recruitment,

    /// <summary>As long as the account exists.</summary>
    Account,

    /// <summary>Until the ballot of its session is closed.</summary>
    UntilClosing,

    /// <summary>Until the mail is delivered and the dialogue is over.</summary>
    Delivery,
}

/// <summary>Marks a property that holds personal data: never logged, never in the journal, part of every erasure.</summary>
/// <param name="category">What it is.</param>
/// <param name="retention">How long it is kept.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PersonalAttribute(PersonalCategory category, Retention retention) : Attribute
{
    public PersonalCategory Category { get; } = category;

    public Retention Retention { get; } = retention;
}

/// <summary>Says of a text property that it holds no personal data. A test fails for a text property that says neither.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
public sealed class NotPersonalAttribute : Attribute;
