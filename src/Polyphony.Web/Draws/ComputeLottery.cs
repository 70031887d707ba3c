using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Audiences;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Draws;

/// <summary>Computes a fair lottery of numbered panels in the background, at all sites at once. Every attempt is kept and shown.</summary>
internal static class ComputeLottery
{
    public const string Kind = "lottery";
    public const int Panels = 1_000;
    public const int FewestPanels = 10;
    public const int MostPanels = 100_000;

    /// <summary>Places on all panels together: what is published after a draw lists each of them.</summary>
    public const int MostPlaces = 1_000_000;
    public const int MostMinutes = 24 * 60;

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/draw/compute", StartAsync).TakesForm();
        organiser.MapPost("/draw/stop", StopAsync).TakesForm();
    }

    private static async Task<IResult> StartAsync(HttpRequest request, DialogueScope scope, Db db, DrawDesk desk, JobQueue jobs, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Dialogue.Slug}/draw";
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        if (Objectives.Find(form["objective"] is [{ Length: > 0 } named] ? named : Objectives.NameOf(LotteryObjective.Leximin)) is not { } objective)
        {
            return Results.Redirect(page + "?problem=objective");
        }

        if (Whole(form["panels"], FewestPanels, MostPanels, Panels) is not { } panels)
        {
            return Results.Redirect(page + "?problem=panels");
        }

        if (Whole(form["minutes"], 1, MostMinutes, 0) is not { } minutes)
        {
            return Results.Redirect(page + "?problem=minutes");
        }

        foreach (Site site in scope.Sites)
        {
            string at = scope.HasManySites ? "&at=" + site.Code : "";
            if (site.PlannedParticipants < 2)
            {
                return Results.Redirect(page + "?problem=no-size" + at);
            }

            if ((long)panels * site.PlannedParticipants > MostPlaces)
            {
                return Results.Redirect(page + "?problem=panels" + at);
            }

            if (await desk.IsFrozenAsync(site.Id, cancellationToken))
            {
                return Results.Redirect(page + "?problem=frozen" + at);
            }

            if (await db.PoolMembers.CountAsync(member => member.SiteId == site.Id, cancellationToken) < site.PlannedParticipants)
            {
                return Results.Redirect(page + "?problem=small-pool" + at);
            }
        }

        if (await JobAsync(scope, jobs, cancellationToken) is { State: JobState.Waiting or JobState.Running })
        {
            return Results.Redirect(page);
        }

        DateTimeOffset now = clock.GetUtcNow();
        int attempts = await db.Lotteries.Where(lottery => lottery.DialogueId == scope.DialogueId).MaxAsync(lottery => (int?)lottery.Attempt, cancellationToken) ?? 0;
        List<(Site Site, Lottery? Before)> sites = [];
        foreach (Site site in scope.Sites)
        {
            sites.Add((site, await desk.NewestAsync(site.Id, LotteryKind.Panel, cancellationToken)));
        }

        // At many sites, a lottery that is there and holds is kept unless all are to be computed again: one site's quotas must not cost the others their time.
        if (scope.HasManySites && form["again"] != "all" && sites.Any(pair => pair.Before is not { State: LotteryState.Computed }))
        {
            sites.RemoveAll(pair => pair.Before is { State: LotteryState.Computed });
        }

        List<Lottery> started = [];
        foreach ((Site site, Lottery? before) in sites)
        {
            Lottery attempt = new()
            {
                Id = new(Guid.CreateVersion7(now)),
                DialogueId = scope.DialogueId,
                SiteId = site.Id,
                Attempt = ++attempts,
                Kind = LotteryKind.Panel,
                State = LotteryState.Computing,
                Objective = Objectives.NameOf(objective),
                PanelSize = site.PlannedParticipants,
                PanelCount = panels,
                SecondsAllowed = minutes == 0 ? null : minutes * 60,
                CreatedAt = now,
            };
            db.Lotteries.Add(attempt);
            started.Add(attempt);

            // A lottery that is computed again was looked at and not taken: the log says so, whatever the reason.
            if (before is { State: LotteryState.Computed })
            {
                db.Journal.Add(desk.Entry("lottery.discarded", before, DrawDesk.AttemptFacts(before), scope.Staff.Id));
            }

            db.Journal.Add(desk.Entry("lottery.started", attempt, DrawDesk.AttemptFacts(attempt), scope.Staff.Id));
        }

        // Attempts and job are saved together: an attempt without a job would lock the pool for ever.
        await (scope.HasManySites
            ? jobs.StartAsync(scope.DialogueId, null, SitesJob.Kind, SitesJob.SubjectOf(started), cancellationToken)
            : jobs.StartAsync(scope.DialogueId, scope.SiteId, Kind, started[0].Id.ToString(), cancellationToken));
        return Results.Redirect(page);
    }

    /// <summary>The newest computation: at the only site, or at all of them.</summary>
    public static Task<Job?> JobAsync(DialogueScope scope, JobQueue jobs, CancellationToken cancellationToken) => scope.HasManySites
        ? jobs.NewestAsync(scope.DialogueId, null, SitesJob.Kind, cancellationToken)
        : jobs.NewestAsync(scope.DialogueId, scope.Site?.Id, Kind, cancellationToken);

    /// <summary>A whole number within limits; what is left blank has a usual value.</summary>
    private static int? Whole(string? text, int least, int most, int usual) => string.IsNullOrWhiteSpace(text)
        ? usual
        : int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number : null;

    private static async Task<IResult> StopAsync(DialogueScope scope, JobQueue jobs, CancellationToken cancellationToken)
    {
        if (await JobAsync(scope, jobs, cancellationToken) is { } job)
        {
            await jobs.StopAsync(scope.DialogueId, job.Id, cancellationToken);
        }

        return Results.Redirect($"/organise/{scope.Dialogue.Slug}/draw");
    }
}
