using Polyphony.Dialogues;

namespace Polyphony.Storage.Tables;

/// <summary>A version of a site's seating plan; the newest one that is current counts.</summary>
public sealed class SeatingPlanVersion
{
    public SeatingPlanId Id { get; set; }

    public DialogueId DialogueId { get; set; }

    public SiteId SiteId { get; set; }

    public int Version { get; set; }

    public int Tables { get; set; }

    /// <summary>The number of the first table: 1, or at a site of several 101, 201 ….</summary>
    public int FirstTable { get; set; } = 1;

    /// <summary>The numbers of its tables.</summary>
    [NotPersonal]
    public IEnumerable<int> TableNumbers => Enumerable.Range(FirstTable, Tables);

    public int Rounds { get; set; }

    public long Seed { get; set; }

    public bool IsCurrent { get; set; }

    /// <summary>Distinct pairs and other measures, as the pure library gives them; rules that are broken name people by their numbers, those who need access too.</summary>
    [Personal(PersonalCategory.Need, Retention.Recruitment)]
    public string MeasuresJson { get; set; } = "";

    /// <summary>Why this version was made: planned, repaired, changed by hand.</summary>
    [NotPersonal]
    public string ReasonCode { get; set; } = "";

    /// <summary>What the organiser had chosen when it was made, as the page of choices saves it; empty for the plainest choices.</summary>
    [Personal(PersonalCategory.Need, Retention.Recruitment)]
    public string RulesJson { get; set; } = "";

    /// <summary>The version from which it was changed; null for one that was planned anew.</summary>
    public int? BasedOn { get; set; }

    /// <summary>The facilitator's role at another table that was given when this version was made; taking the version back takes it away again.</summary>
    public Guid? GivenRole { get; set; }

    /// <summary>The member of staff who made it, by identifier; null for the server.</summary>
    public Guid? CreatedBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    [NotPersonal]
    public List<Seat> Seats { get; set; } = [];
}

/// <summary>A person at a table in a round. Rounds and seats count from 1, tables from the plan's first.</summary>
public sealed class Seat
{
    public SeatingPlanId PlanId { get; set; }

    public int Round { get; set; }

    public int Table { get; set; }

    public int Number { get; set; }

    public ParticipantId ParticipantId { get; set; }
}
