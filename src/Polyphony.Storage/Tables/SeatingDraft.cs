using Polyphony.Dialogues;

namespace Polyphony.Storage.Tables;

/// <summary>The seating plan while organisers change it: a version, the steps made since, and how many of them count. What counts on the day is a version.</summary>
public sealed class SeatingDraft
{
    public SiteId SiteId { get; set; }

    /// <summary>The version from which it begins; 0 while there is none.</summary>
    public int BasedOn { get; set; }

    /// <summary>The number of the step that is shown; 0 for the version itself. Undone steps have greater numbers.</summary>
    public int Position { get; set; }

    /// <summary>The number of the last step ever made, so that no number comes twice and a page that is out of date is known by it.</summary>
    public int LastStep { get; set; }

    /// <summary>Whether an older version was opened on purpose; otherwise a draft without steps follows the plan in force.</summary>
    public bool Opened { get; set; }

    /// <summary>What the organiser chose for the next planning: criteria, rules by numbers of people, who needs access among them, tables and rounds; empty before the first choice.</summary>
    [Personal(PersonalCategory.Need, Retention.Recruitment)]
    public string RulesJson { get; set; } = "";
}

/// <summary>One change of the draft, with the whole state after it: taking it back is to show the state before.</summary>
[NotPersonal]
public sealed class SeatingStep
{
    public SiteId SiteId { get; set; }

    /// <summary>From 1, growing; numbers of steps that were overwritten are missing.</summary>
    public int Number { get; set; }

    /// <summary>What was done: moved, exchanged, pinned, unpinned, improved.</summary>
    public string ReasonCode { get; set; } = "";

    /// <summary>Numbers of people at each table of each round, and those pinned.</summary>
    public string StateJson { get; set; } = "";

    public DateTimeOffset At { get; set; }

    public Guid? StaffId { get; set; }
}
