using Polyphony.Web.Accounts;
using Polyphony.Web.Agendas;
using Polyphony.Web.Draws;
using Polyphony.Web.Facilitation;
using Polyphony.Web.Insights;
using Polyphony.Web.Jobs;
using Polyphony.Web.Journal;
using Polyphony.Web.Mandates;
using Polyphony.Web.Participants;
using Polyphony.Web.Publication;
using Polyphony.Web.Recruitment;
using Polyphony.Web.Rooms;
using Polyphony.Web.Sites;
using Polyphony.Web.Statements;
using Polyphony.Web.Tables;
using Polyphony.Web.Texts;
using Polyphony.Web.Votes;

namespace Polyphony.Web.Hosting;

/// <summary>Every feature of the server, one line each.</summary>
internal static class Features
{
    public static void AddFeatures(this IServiceCollection services)
    {
        services.AddAccounts();
        services.AddDraws();
        services.AddJobs();
        services.AddJournal();
        services.AddMandates();
        services.AddParticipants();
        services.AddPublication();
        services.AddRecruitment();
        services.AddRooms();
        services.AddStatements();
        services.AddTables();
        services.AddTexts();
        services.AddVotes();
    }

    public static void MapFeatures(this IEndpointRouteBuilder app)
    {
        app.MapAccounts();
        app.MapAgendas();
        app.MapDraws();
        app.MapFacilitation();
        app.MapInsights();
        app.MapJournal();
        app.MapMandates();
        app.MapParticipants();
        app.MapPublication();
        app.MapRecruitment();
        app.MapRooms();
        app.MapSites();
        app.MapStatements();
        app.MapTables();
        app.MapTexts();
        app.MapVotes();
    }
}
