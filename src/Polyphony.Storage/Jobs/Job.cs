using Polyphony.Dialogues;

namespace Polyphony.Storage.Jobs;

/// <summary>A piece of long work with its progress; survives a restart as a row.</summary>
[NotPersonal]
public sealed class Job
{
    public JobId Id { get; set; }

    public DialogueId DialogueId { get; set; }

    /// <summary>The site that the work is for; null when it is for all of them.</summary>
    public SiteId? SiteId { get; set; }

    public string Kind { get; set; } = "";

    /// <summary>The entity that the work is about, as 32 hexadecimal digits.</summary>
    public string Subject { get; set; } = "";

    public JobState State { get; set; }

    /// <summary>0 to 1.</summary>
    public double Progress { get; set; }

    /// <summary>Code of what is being done, for the page to word.</summary>
    public string StepCode { get; set; } = "";

    /// <summary>While something is being made better: how far it may be from the best, relative.</summary>
    public double? Gap { get; set; }

    /// <summary>What nothing can be better than, once that is proven.</summary>
    public double? Bound { get; set; }

    /// <summary>How far each part has come where the work has many at once: a JSON object by the parts' names; empty otherwise.</summary>
    public string PartsJson { get; set; } = "";

    public string ErrorCode { get; set; } = "";

    public bool StopRequested { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}
