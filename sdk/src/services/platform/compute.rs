//! Machines that the account rents. Every call in this module needs a key with the `ADMIN`
//! scope of an account that may rent machines.

use reqwest::Method;
use serde_json::json;

use super::Platform;
use super::call::ApiCall;
use super::list::ListRequest;
use super::listing::listing;
use crate::transport::error::Result;
use crate::{object, open_enum};

/// The path of machines below `/v1`.
const INSTANCES: &str = "compute/instances";

listing! {
    /// The list of the account's machines: see [`Platform::compute_instances`].
    ComputeInstanceListing: "compute/instances",
    ComputeInstancePage {
        /// The machines.
        instances: ComputeInstance
    }
}

object! {
    /// A machine that the account rents: see [`Platform::compute_instances`].
    #[derive(Eq)]
    pub struct ComputeInstance {
        /// The id of the machine.
        pub id: required String;
        /// The kind of machine.
        pub instance_type: required InstanceType;
        /// The region that the machine is in.
        pub region: required InstanceRegion;
        /// The part of the region that the machine is in.
        pub sector: optional InstanceSector;
        /// The IP address, once the machine is ready.
        pub ip: optional String;
        /// The status of the machine.
        pub status: required InstanceStatus;
        /// The name of the user who rented the machine.
        pub creator_user_nickname: optional String;
    }
}

open_enum! {
    /// A kind of machine, by its GPUs.
    pub enum InstanceType: String {
        EightH100 = "gpu_8x_h100_sxm5",
        OneH100 = "gpu_1x_h100_sxm5",
    }
}

open_enum! {
    /// The region that a machine is in.
    pub enum InstanceRegion: String {
        UsWest = "us-west",
        UsCentral = "us-central",
        UsEast = "us-east",
        EuNorth = "eu-north",
        EuWest = "eu-west",
        Elsewhere = "other",
    }
}

open_enum! {
    /// A part of a region, within which machines of eight GPUs are connected by InfiniBand.
    pub enum InstanceSector: String {
        Sector1 = "sector_1",
        Sector2 = "sector_2",
        Sector3 = "sector_3",
    }
}

open_enum! {
    /// The status of a machine.
    pub enum InstanceStatus: String {
        Ready = "ready",
        Init = "init",
        Pending = "pending",
        Provisioning = "provisioning",
        Stopped = "stopped",
        Unknown = "unknown",
    }
}

impl Platform {
    /// Lists the machines that the account rents.
    pub fn compute_instances(&self) -> ListRequest<ComputeInstanceListing> {
        ListRequest::new(&self.http)
    }

    /// Returns a machine that the account rents, given its id.
    ///
    /// # Errors
    /// When the account has no machine with this id.
    pub async fn compute_instance(&self, id: impl AsRef<str>) -> Result<ComputeInstance> {
        let call = self.call(Method::GET, INSTANCES, &[id.as_ref()])?;
        call.send().await
    }

    /// Rents a machine, which costs money until it is deleted. `ssh_key` is a public key;
    /// with its private key, you log in to the machine. Only machines of eight GPUs can have
    /// a sector. The request has an idempotency key, so a retry does not rent a second
    /// machine.
    ///
    /// # Errors
    /// When the account may not rent machines, or no machine is free.
    pub async fn create_compute_instance(
        &self,
        instance_type: InstanceType,
        ssh_key: impl AsRef<str>,
        sector: Option<InstanceSector>,
    ) -> Result<ComputeInstance> {
        let mut body = json!({
            "instance_type": instance_type.as_str(),
            "ssh_key": ssh_key.as_ref(),
        });
        if let Some(sector) = sector {
            body["sector"] = sector.as_str().into();
        }
        let call = self.call(Method::POST, INSTANCES, &[])?;
        call.json(&body).send().await
    }

    /// Deletes a machine and everything on it.
    ///
    /// # Errors
    /// When the account has no machine with this id. That can also happen when the machine
    /// was deleted: if the reply to the first attempt was lost, the retry finds no machine.
    pub async fn delete_compute_instance(&self, id: impl AsRef<str>) -> Result<()> {
        let call = ApiCall::new(&self.http, Method::DELETE, INSTANCES);
        let call = call.path_segments(&[id.as_ref()])?;
        call.send_discarding_output().await
    }
}
