using Polyphony.Web.Audiences;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Tables;

/// <summary>Who sits with whom: choose, plan, change by hand, improve, keep versions, print. What the day brings is repaired in the control room.</summary>
internal static class TablesFeature
{
    public static void AddTables(this IServiceCollection services)
    {
        services.AddScoped<SeatingDesk>();
        services.AddScoped<DraftDesk>();
        services.AddScoped<PlannerReader>();
        services.AddScoped<SeatingRepairs>();
        services.AddScoped<IJobKind, SeatingJob>();
        services.AddScoped<IJobKind, ImprovementJob>();
    }

    public static void MapTables(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder organiser = app.MapOrganiser().AtOneSite();
        RouteGroupBuilder reader = app.MapStaffReader().AtOneSite();
        ShowTables.Map(reader);
        PlanTables.Map(organiser);
        EditRules.Map(organiser);
        ChangeDraft.Map(organiser);
        ImproveTables.Map(organiser);
        KeepVersions.Map(organiser, reader);
        PrintTables.Map(organiser, reader);
    }
}
